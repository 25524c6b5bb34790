"""A remote store: a SPARQL endpoint that answers for us, and what is published there."""
