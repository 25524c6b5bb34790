"""The local page on which one curator reviews the draft of a paper."""
