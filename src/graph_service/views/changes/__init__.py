"""What changes from edition to edition: differences, news, and the notices of what was withdrawn."""
