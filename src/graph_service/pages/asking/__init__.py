"""Pages on which readers ask: search, questions, the editor of queries."""
