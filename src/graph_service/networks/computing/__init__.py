"""Networks computed from the table: one mode, two modes, affiliations, windows of time."""
