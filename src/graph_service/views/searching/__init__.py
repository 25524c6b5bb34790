"""Full-text search: words, synonyms, the index and what it finds."""
