"""The serialisations that queries are answered in: names, media types, file extensions.

SPARQL 1.1 Query Results JSON, XML, CSV and TSV; Turtle, N-Triples, JSON-LD, RDF/XML; for data sets N-Quads and TriG.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graph_service.errors import ParameterError
from graph_service.rdf.namespaces import FORMATS


class Form(StrEnum):
    """The four query forms (SPARQL 1.1 Query Language, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph and not a table or a boolean."""
        return self in (Form.CONSTRUCT, Form.DESCRIBE)


@dataclass(frozen=True)
class Format:
    """One serialisation.

    Attributes:
        name: the short name that `?format=` takes.
        media_type: what is sent as `Content-Type` (with `charset=utf-8` where it is text).
        extension: of files, without dot; also what pyoxigraph finds its format by.
        aliases: other media types that clients ask for and mean this one.
        w3c: local name of the W3C's IRI (Unique URIs for File Formats); empty where there is none.
    """

    name: str
    media_type: str
    extension: str
    aliases: tuple[str, ...] = ()
    w3c: str = ""

    @property
    def iri(self) -> str:
        """The W3C's IRI of the format."""
        return FORMATS + self.w3c

    @property
    def content_type(self) -> str:
        """The media type with its character set, where the type is `text/…`."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


# The shortest that an engine writes, and the quickest to read back.
TSV = Format("tsv", "text/tab-separated-values", "tsv", w3c="SPARQL_Results_TSV")
# The first of each is the answer to a client that has no preference.
RESULTS = (
    Format("json", "application/sparql-results+json", "srj", ("application/json",), "SPARQL_Results_JSON"),
    Format("xml", "application/sparql-results+xml", "srx", ("application/xml", "text/xml"), "SPARQL_Results_XML"),
    Format("csv", "text/csv", "csv", w3c="SPARQL_Results_CSV"),
    TSV,
)
# Not for clients: what a certificate says of an answer, the digest of its canonical form among it, as JSON.
DIGEST = Format("digest", "application/json", "json")
# ASK has no table to write as CSV or TSV (SPARQL 1.1 Query Results CSV and TSV, section 2).
BOOLEANS = RESULTS[:2]
GRAPHS = (
    Format("turtle", "text/turtle", "ttl", ("application/x-turtle",), "Turtle"),
    Format("ntriples", "application/n-triples", "nt", ("text/plain",), "N-Triples"),
    Format("jsonld", "application/ld+json", "jsonld", ("application/json",), "JSON-LD"),
    Format("rdfxml", "application/rdf+xml", "rdf", ("application/xml", "text/xml"), "RDF_XML"),
)
DATASETS = (
    Format("nquads", "application/n-quads", "nq", ("text/x-nquads",)),
    Format("trig", "application/trig", "trig", ("application/x-trig",)),
)

# Both hold tables as spreadsheets open them by a double click.
CSV_EXCEL = Format("csv-excel", "text/csv", "csv")
XLSX = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", ("application/vnd.ms-excel",)
)
# A table of weights has no media type of its own: three of them are CSV and are told apart by name.
NETWORKS = (
    Format("json", "application/json", "json"),
    Format("graphml", "application/graphml+xml", "graphml"),
    Format("gexf", "application/gexf+xml", "gexf"),
    Format("edges", "text/csv", "csv"),
    Format("matrix", "text/csv", "csv"),
    Format("nodes", "text/csv", "csv"),
)
# The same tables for Excel, and a workbook of nodes and edges.
EXCEL_NETWORKS = (CSV_EXCEL, Format("matrix-excel", "text/csv", "csv"), Format("nodes-excel", "text/csv", "csv"), XLSX)


def by_name(form: Form, name: str | None) -> Format:
    """The format of a short name among those offered for this form; without a name the preferred one.

    Raises:
        ParameterError: the form cannot be written in it.
    """
    choices = offered(form)
    found = [choice for choice in choices if name in (None, choice.name)]
    if not found:
        known = ", ".join(choice.name for choice in choices)
        raise ParameterError(f"{form} has no format {name!r}.", hint=f"It can be written as {known}.")
    return found[0]


def offered(form: Form) -> tuple[Format, ...]:
    """The formats that a query of this form can be answered in, preferred one first."""
    if form is Form.ASK:
        return BOOLEANS
    return GRAPHS if form.gives_graph else RESULTS


def writable(form: Form) -> tuple[Format, ...]:
    """The formats that an engine writes for a query of this form: what is offered, and its digest."""
    return (*offered(form), DIGEST)
