"""Linked data: dereferencing, dumps and descriptions."""
