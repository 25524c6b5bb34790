"""Tests of what is published: resources and their documents, the ontology, the data set as a whole."""
