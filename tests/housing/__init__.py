"""Data of another publisher, in a field of its own, and the project that serves them."""
