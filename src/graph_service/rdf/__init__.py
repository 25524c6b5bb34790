"""RDF and SPARQL as text: terms, formats, the guard of queries, the reader of answers."""
