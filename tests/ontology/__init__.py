"""Tests of the ontology, the shapes, the data and the queries that ship with the package."""
