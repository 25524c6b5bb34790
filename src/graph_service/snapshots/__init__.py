"""Snapshots: immutable directories that are written, listed, held, removed and dumped."""
