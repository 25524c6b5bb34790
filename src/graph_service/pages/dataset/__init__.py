"""Pages about the data set itself: what is new, editions, dumps, coverage."""
