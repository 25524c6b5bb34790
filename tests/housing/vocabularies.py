"""W3C's vocabularies, from the packages of the lock file, and a thesaurus: a project of several namespaces."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from tests.housing import thesaurus

PACKAGES = Path(__file__).parents[2] / "assets" / "node_modules" / "@vocabulary"
NAMES = ("org", "skos", "prov", "dcat")
FILES = [PACKAGES / name / f"{name}.nq" for name in NAMES]
THERE = all(file.is_file() for file in FILES)

# Values of one property of one thing.
MANY = 130
# Things of one name, more than a search shows.
PONDS = 70
_SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
# What other publishers call things by, beside SKOS and RDFS.
_NAMES = f"""\
@prefix : <{thesaurus.BASE}named/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
:lake a skos:Concept ; xl:prefLabel :lake-en , :lake-de ; xl:altLabel [ a xl:Label ; xl:literalForm "mere"@en ] .
:lake-en a xl:Label ; xl:literalForm "lake of labels"@en .
:lake-de a xl:Label ; xl:literalForm "See der Namen"@de .
:one <https://schema.org/name> "named by schema.org" .
:two <http://schema.org/name> "named by schema.org as it was" .
:three <http://xmlns.com/foaf/0.1/name> "named by FOAF" .
:four <http://purl.org/dc/terms/title> "named by DCMI" .
:five <http://purl.org/dc/elements/1.1/title> "named by DCMI as it was" .
"""
_SETTINGS = f"""\
base = "http://www.w3.org/ns/"
namespace = ["http://www.w3.org/2004/02/skos/", "{thesaurus.BASE}"]
ontology = ["vocabularies"]
data = ["data"]
"""


def write_turtle(directory: Path) -> list[Path]:
    """The vocabularies as Turtle, as W3C publishes them; the packages of npm have N-Quads alone."""
    found = []
    for file in FILES if THERE else ():
        triples = [quad.triple for quad in ox.parse(path=file, format=ox.RdfFormat.N_QUADS)]
        found.append(directory / f"{file.stem}.ttl")
        ox.serialize(triples, found[-1], format=ox.RdfFormat.TURTLE)
    return found


def make(directory: Path, *, concepts: int, files: Sequence[Path] = FILES if THERE else ()) -> Path:
    """The project in a new directory: a thesaurus of so many concepts, and files of vocabularies."""
    for folder in ("vocabularies", "data"):
        (directory / folder).mkdir(parents=True)
    for file in files:
        shutil.copy(file, directory / "vocabularies")
    # A graph of this name is no resource of the data, but pages name it.
    note = '<http://www.w3.org/ns/note> <http://www.w3.org/2000/01/rdf-schema#label> "A note"'
    (directory / "vocabularies" / "notes.trig").write_text(f"<http://www.w3.org/ns/notes#> {{ {note} }}")
    many = ", ".join(f"<{thesaurus.BASE}c/{number}>" for number in range(MANY))
    (directory / "data" / "many.ttl").write_text(f"<{thesaurus.BASE}many> <{_SEE_ALSO}> {many} .")
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    ponds = (f'<{thesaurus.BASE}c/p{one}> a <{thesaurus.BASE}Pond> ; <{label}> "pond {one}" .' for one in range(PONDS))
    (directory / "data" / "ponds.ttl").write_text("\n".join(ponds))
    (directory / "data" / "names.ttl").write_text(_NAMES)
    (directory / "data" / "thesaurus.ttl").write_text("\n".join(thesaurus.lines(concepts)), encoding="utf-8")
    (directory / "graph-service.toml").write_text(_SETTINGS, encoding="utf-8")
    return directory
