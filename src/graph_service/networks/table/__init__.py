"""The statements of a network as a table: read, filtered, without duplicates, counted."""
