"""Namespaces of the vocabularies in use, and the names that the base IRI gives.

Prefixes are those of the shipped files; `expand` and `shorten` turn CURIEs (W3C CURIE Syntax 1.0) into IRIs and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin

from graph_service.rdf.terms import Term, iri

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
FORMATS = "http://www.w3.org/ns/formats/"

PREFIXES: Mapping[str, str] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "eurovoc": "http://eurovoc.europa.eu/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": SH,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}


def term(name: str) -> Term:
    """The term of a name with one of `PREFIXES`: `owl:Thing`."""
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def declarations(namespaces: Mapping[str, str]) -> str:
    """Prefix lines of Turtle, sorted by prefix."""
    return "".join(f"@prefix {prefix}: <{value}> .\n" for prefix, value in sorted(namespaces.items()))


@dataclass(frozen=True)
class Names:
    """The IRIs that follow from a base IRI: graphs, terms of the ontology, skolem names, CURIEs.

    Attributes:
        base: of the data.
        others: further namespaces whose names are published too, such as those of an older host.
    """

    base: str
    others: tuple[str, ...] = ()

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefix to namespace, with `mp:` for the ontology below the base."""
        return {**PREFIXES, "mp": f"{self.base}ontology#"}

    @property
    def ontology_graph(self) -> Term:
        """The named graph of the ontology and its vocabularies."""
        return self.graph("ontology")

    @property
    def inferred_graph(self) -> Term:
        """The named graph of the inferred triples."""
        return self.graph("inferred")

    def owns(self, value: str) -> bool:
        """Whether an IRI lies below the base or one of the other namespaces."""
        return value.startswith((self.base, *self.others))

    def graph(self, slug: str) -> Term:
        """The named graph of a source file; `slug` may hold slashes."""
        return iri(f"{self.base}graph/{quote(slug)}")

    def file(self, value: str) -> str:
        """The file that a named graph comes from, without its suffix; empty for what is no such graph."""
        start = f"{self.base}graph/"
        return unquote(value.removeprefix(start)) if value.startswith(start) else ""

    def skolem(self, slug: str, number: int) -> Term:
        """The IRI that stands for a blank node of a file (RDF 1.1 Concepts, section 3.5)."""
        return iri(f"{self.base}.well-known/genid/{quote(slug)}/{number}")

    def skolemised(self, value: str) -> tuple[str, str] | None:
        """The file and the number that `skolem` made an IRI of; None for any other."""
        start = f"{self.base}.well-known/genid/"
        slug, _, number = value.removeprefix(start).rpartition("/")
        return (unquote(slug), number) if value.startswith(start) and slug else None

    def expand(self, name: str) -> str:
        """The IRI that a CURIE, an IRI in angle brackets, an absolute or a relative IRI means.

        A name with a known prefix is a CURIE; anything else without a scheme is resolved against the base.
        """
        if name.startswith("<") and name.endswith(">"):
            name = name[1:-1]
        prefix, colon, local = name.partition(":")
        if colon and not local.startswith("//") and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        return name if colon else urljoin(self.base, name)

    def shorten(self, value: str) -> str:
        """The shortest name that `expand` takes back: a CURIE, a name relative to the base, or the IRI itself."""
        for prefix, namespace in self.prefixes.items():
            local = value.removeprefix(namespace)
            if local != value and local and not set(local) & set("/#:?"):
                return f"{prefix}:{local}"
        local = value.removeprefix(self.base)
        return local if local and ":" not in local else value
