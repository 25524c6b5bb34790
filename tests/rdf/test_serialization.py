"""JSON-LD whose prefixes look like the schemes of IRIs in the data."""

from __future__ import annotations

import pyoxigraph as ox

from graph_service.rdf.formats import GRAPHS
from graph_service.rdf.namespaces import Names
from graph_service.rdf.serialization import write


def test_a_scheme_is_no_prefix() -> None:
    thing, organisation = ox.NamedNode("org:thing"), ox.NamedNode("http://www.w3.org/ns/org#Organization")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    quads = [ox.Quad(thing, label, organisation), ox.Quad(thing, label, thing)]
    for offer in GRAPHS:
        kind = ox.RdfFormat.from_media_type(offer.media_type)
        assert set(ox.parse(write(quads, offer, Names("http://x/")), format=kind)) == set(quads), offer.name
