"""The data set described: VoID with partitions, and DCAT-AP with its distributions.

Describing Linked Datasets with the VoID Vocabulary (W3C Interest Group Note, 2011); Data Catalog Vocabulary, version 3
(sections 6.4 to 6.9); DCAT-AP 3.0 (mandatory and recommended properties of Catalogue, Dataset, Distribution, Data
Service; a publisher is named where the settings name one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import pyoxigraph as ox

from graph_service.rdf.formats import GRAPHS
from graph_service.rdf.namespaces import PREFIXES, RDF, XSD
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.figures import VoidFigures
from graph_service.snapshots.snapshot import Manifest

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_SPDX = "http://spdx.org/rdf/terms#"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"


@dataclass(frozen=True)
class DatasetDetails:
    """What is told of the data set.

    Attributes:
        manifest: of the snapshot.
        figures: counts and dumps.
        origin: address of the service, without a slash at the end.
        licence: IRI of the licence of the data, empty for none.
        titles, descriptions: by language tag.
        examples: IRIs of a few resources.
        queried: whether there is a SPARQL endpoint beside the files.
        publisher: name of the publisher, empty for none.
    """

    manifest: Manifest
    figures: VoidFigures
    origin: str
    licence: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    examples: Sequence[str] = ()
    queried: bool = True
    publisher: str = ""

    @property
    def iri(self) -> str:
        """The data set; its name leads to its description."""
        return f"{self.manifest.base}.well-known/void#dataset"


def void(about: DatasetDetails) -> Iterator[ox.Quad]:
    """The VoID description."""
    document, dataset = f"{about.manifest.base}.well-known/void", about.iri
    figures = about.figures
    yield _link(document, f"{RDF}type", _name("void", "DatasetDescription"))
    yield _link(document, _name("foaf", "primaryTopic"), dataset)
    yield _link(dataset, f"{RDF}type", _name("void", "Dataset"))
    yield from _told(dataset, about)
    if about.queried:
        yield _link(dataset, _name("void", "sparqlEndpoint"), f"{about.origin}/sparql")
    yield from _spaces(about)
    for example in about.examples:
        yield _link(dataset, _name("void", "exampleResource"), example)
    for vocabulary in _vocabularies(figures):
        yield _link(dataset, _name("void", "vocabulary"), vocabulary)
    for format_ in GRAPHS:
        yield _link(dataset, _name("void", "feature"), format_.iri)
    for dump in figures.dumps:
        yield _link(dataset, _name("void", "dataDump"), f"{about.origin}/dump/{dump.name}")
    counts = {
        "triples": figures.triples,
        "entities": sum(figures.entities.values()),
        "distinctSubjects": figures.subjects,
        "distinctObjects": figures.objects,
        "properties": len(figures.properties),
        "classes": len(figures.classes),
    }
    for name, count in counts.items():
        yield _count(dataset, _name("void", name), count)
    yield from _partitions(about)


def _spaces(about: DatasetDetails) -> Iterator[ox.Quad]:
    """Where the names begin (section 4.2); of more than one namespace each is a subset with its own (section 4.4)."""
    spaces = about.figures.entities
    if len(spaces) == 1:
        yield _text(about.iri, _name("void", "uriSpace"), about.manifest.base)
        return
    for space, count in spaces.items():
        node = _partition(about, "space", space)
        yield _link(about.iri, _name("void", "subset"), node)
        yield _link(node, f"{RDF}type", _name("void", "Dataset"))
        yield _text(node, _name("void", "uriSpace"), space)
        yield _count(node, _name("void", "entities"), count)


def _vocabularies(figures: VoidFigures) -> list[str]:
    """Those whose terms are used (section 4.3): the namespaces of classes and properties, without the hash."""
    terms = [*figures.classes, *figures.properties]
    return sorted({re.sub(r"[^/#]*$", "", term).rstrip("#") for term in terms if "/" in term or "#" in term})


def _partitions(about: DatasetDetails) -> Iterator[ox.Quad]:
    """Class and property partitions (section 4.5)."""
    for name, count in about.figures.classes.items():
        node = _partition(about, "class", name)
        yield _link(about.iri, _name("void", "classPartition"), node)
        yield _link(node, _name("void", "class"), name)
        yield _count(node, _name("void", "entities"), count)
    for name, (triples, subjects) in about.figures.properties.items():
        node = _partition(about, "property", name)
        yield _link(about.iri, _name("void", "propertyPartition"), node)
        yield _link(node, _name("void", "property"), name)
        yield _count(node, _name("void", "triples"), triples)
        yield _count(node, _name("void", "distinctSubjects"), subjects)


def catalogue(about: DatasetDetails) -> Iterator[ox.Quad]:
    """The DCAT-AP description: a catalogue of one data set, its distributions and its data service."""
    itself, dataset = f"{about.manifest.base}catalogue", about.iri
    service = f"{itself}#service"
    yield _link(itself, f"{RDF}type", _name("dcat", "Catalog"))
    yield _link(itself, _name("dcat", "dataset"), dataset)
    if about.queried:
        yield _link(itself, _name("dcat", "service"), service)
        yield from _service(about, service)
    yield from _told(itself, about)
    yield _link(dataset, f"{RDF}type", _name("dcat", "Dataset"))
    yield from _told(dataset, about)
    yield _text(dataset, _name("dcterms", "identifier"), dataset)
    yield _link(dataset, _name("dcterms", "accessRights"), _PUBLIC)
    yield _link(dataset, _name("dcat", "landingPage"), f"{about.origin}/")
    for language in ("DEU", "ENG"):
        yield _link(dataset, _name("dcterms", "language"), _LANGUAGES + language)
    for dump in about.figures.dumps:
        yield from _distribution(about, dump)


def _service(about: DatasetDetails, service: str) -> Iterator[ox.Quad]:
    yield _link(service, f"{RDF}type", _name("dcat", "DataService"))
    yield from _titled(service, {language: f"SPARQL: {title}" for language, title in about.titles.items()})
    yield _link(service, _name("dcat", "endpointURL"), f"{about.origin}/sparql")
    yield _link(service, _name("dcat", "endpointDescription"), f"{about.origin}/sparql?format=turtle")
    yield _link(service, _name("dcat", "servesDataset"), about.iri)


def _distribution(about: DatasetDetails, dump: Dump) -> Iterator[ox.Quad]:
    node, address = f"{about.manifest.base}catalogue#{dump.name}", f"{about.origin}/dump/{dump.name}"
    checksum = f"{node}-checksum"
    yield _link(about.iri, _name("dcat", "distribution"), node)
    yield _link(node, f"{RDF}type", _name("dcat", "Distribution"))
    yield _text(node, _name("dcterms", "title"), dump.name)
    yield _link(node, _name("dcat", "accessURL"), address)
    yield _link(node, _name("dcat", "downloadURL"), address)
    yield _link(node, _name("dcat", "mediaType"), _MEDIA_TYPES + dump.media_type)
    if dump.compression:
        yield _link(node, _name("dcat", "compressFormat"), _MEDIA_TYPES + dump.compression)
    yield _count(node, _name("dcat", "byteSize"), dump.size, "nonNegativeInteger")
    if about.licence:
        yield _link(node, _name("dcterms", "license"), about.licence)
    yield _link(node, f"{_SPDX}checksum", checksum)
    yield _link(checksum, f"{RDF}type", f"{_SPDX}Checksum")
    yield _link(checksum, f"{_SPDX}algorithm", _SHA256)
    value = ox.Literal(dump.sha256, datatype=ox.NamedNode(f"{XSD}hexBinary"))
    yield _quad(checksum, f"{_SPDX}checksumValue", value)


def _told(node: str, about: DatasetDetails) -> Iterator[ox.Quad]:
    """Title, description, licence, publisher."""
    yield from _titled(node, about.titles)
    for language, text in about.descriptions.items():
        yield _quad(node, _name("dcterms", "description"), ox.Literal(text, language=language))
    if about.licence:
        yield _link(node, _name("dcterms", "license"), about.licence)
    if about.publisher:
        agent = f"{about.manifest.base}catalogue#publisher"
        yield _link(node, _name("dcterms", "publisher"), agent)
        yield _link(agent, f"{RDF}type", _name("foaf", "Agent"))
        yield _text(agent, _name("foaf", "name"), about.publisher)


def _titled(node: str, titles: Mapping[str, str]) -> Iterator[ox.Quad]:
    for language, text in titles.items():
        yield _quad(node, _name("dcterms", "title"), ox.Literal(text, language=language))


def _partition(about: DatasetDetails, kind: str, name: str) -> str:
    """A name that stays the same from one data set to the next."""
    return f"{about.manifest.base}.well-known/void#{kind}-{blake2b(name.encode(), digest_size=6).hexdigest()}"


def _name(prefix: str, local: str) -> str:
    return PREFIXES[prefix] + local


def _quad(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def _link(subject: str, predicate: str, value: str) -> ox.Quad:
    return _quad(subject, predicate, ox.NamedNode(value))


def _text(subject: str, predicate: str, value: str) -> ox.Quad:
    return _quad(subject, predicate, ox.Literal(value))


def _count(subject: str, predicate: str, value: int, datatype: str = "integer") -> ox.Quad:
    return _quad(subject, predicate, ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype)))
