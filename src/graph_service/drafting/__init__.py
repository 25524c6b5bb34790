"""Proposes what a coder may accept: passages that look like positions, and the propositions nearest to them."""
