"""Actors side by side: their coded positions, comparisons of these, and briefs."""
