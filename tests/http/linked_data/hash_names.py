"""A data set whose names have fragments: people below one document, terms below another, some only used."""

HASH_BASE = "https://data.example/"
HASH_DATA = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix l: <https://data.example/leute#> .
<https://data.example/leute> rdfs:label "Leute"@de , "people"@en .
l:anna a foaf:Person ; foaf:name "Anna" ; foaf:knows l:bert , l:carl , <https://data.example/team#a> ;
    <https://data.example/zahl> 1 ; l:alter 42 ; foaf:based_near [ rdfs:label "a place without a name" ] .
l:bert foaf:name "Bert" ; foaf:knows <https://data.example/leute2#x> , <https://data.example/nur/benutzt> .
<https://data.example/leute#J%C3%B6rg> foaf:name "Jörg" .
<https://data.example/leute2#x> foaf:name "of another document" .
<https://data.example/team#a> foaf:name "A" ; <https://data.example/nur#hier> "x" .
<https://data.example/abfrage?y=1> foaf:name "a name with a query" ; foaf:knows l:anna .
"""
# Each IRI below the base, and what is said of it.
NAMES = {
    "leute#anna": "Anna",
    "leute#bert": "Bert",
    "leute#J%C3%B6rg": "Jörg",
    "leute#carl": "",
    "leute#alter": "",
    "leute2#x": "of another document",
    "team#a": "A",
    "nur#hier": "",
    "zahl": "",
    "nur/benutzt": "",
    "abfrage?y=1": "a name with a query",
    "leute": "Leute",
}
