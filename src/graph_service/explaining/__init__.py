"""Explaining: why a triple follows, down to the passage."""
