"""A brief for a board: two printed pages, and the same as Markdown and Word."""
