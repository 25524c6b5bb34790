"""A new edition of a coded paper: what becomes of its passages, and the draft that begins with the old codes."""
