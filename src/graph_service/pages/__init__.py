"""HTML for people, made on the server: complete without scripts, in German and English, of the same data as the API."""
