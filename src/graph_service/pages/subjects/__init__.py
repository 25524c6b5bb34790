"""Pages about one thing: each class has its own, and any other thing the page of its statements."""
