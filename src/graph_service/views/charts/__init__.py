"""Charts: rows of figures become marks in a picture, and these become SVG. Nothing here asks or knows the data."""
