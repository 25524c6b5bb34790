"""Building: from source files to a validated, reasoned snapshot."""
