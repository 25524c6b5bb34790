"""Exchange with other programs: drafts go out as REFI-QDA, Web Annotation or CSV, and highlights come in."""
