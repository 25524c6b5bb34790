"""Discourse networks: hand-computed cases, and everything against a loop straight from the formulas."""
