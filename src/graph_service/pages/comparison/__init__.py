"""Actors side by side: comparison, timeline and matrix."""
