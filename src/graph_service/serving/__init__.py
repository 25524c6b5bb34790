"""Serving: editions in use, and how one takes over from another."""
