"""Views: rows of answers as readers see them, with labels, tables, comparisons, search."""
