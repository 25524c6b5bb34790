"""Results as bytes, in every format that is offered: the same for an engine in this process and for a remote one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import IO, cast

import pyoxigraph as ox

from graph_service.errors import GraphServiceError, QuerySyntaxError
from graph_service.rdf import canonical
from graph_service.rdf.formats import DIGEST, Form
from graph_service.rdf.xml_documents import LegalWriter, refuse_unwritable
from graph_service.store import Query
from graph_service.store.counting import CountingWriter, Output

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}

# Characters of CSV that are gathered before they are passed on.
_CSV_PIECE = 8192


def write(
    results: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple], query: Query, output: CountingWriter
) -> None:
    """Serialise; pieces of about 8 kB are written as it goes.

    What XML 1.0 excludes is U+FFFD in a table; a graph with such a character cannot be RDF/XML.

    Raises:
        QuerySyntaxError: the results are not those of a query of this form.
        NotWritable: the format cannot hold the graph.
        LimitReached: they are more than `output` takes.
    """
    if not isinstance(results, ox.QuerySolutions | ox.QueryBoolean):
        if not query.form.gives_graph:
            raise _other_form(query)
        if query.format is DIGEST:
            _write_digest(canonical.graph(output.each(results)), output)
            return
        _write_graph(output.each(results), query.format.name, output)
    elif query.form is not (Form.ASK if isinstance(results, ox.QueryBoolean) else Form.SELECT):
        raise _other_form(query)
    elif query.format is DIGEST:
        _write_digest(_canonical(results, query, output), output)
    elif isinstance(results, ox.QuerySolutions) and query.format.name == "csv":
        _write_csv(results, output)
    else:
        target = LegalWriter(output) if query.format.name == "xml" else output
        results.serialize(cast(IO[bytes], target), format=_RESULTS[query.format.name])


def _canonical(
    results: ox.QuerySolutions | ox.QueryBoolean, query: Query, output: CountingWriter
) -> canonical.CanonicalAnswer:
    if isinstance(results, ox.QueryBoolean):
        return canonical.boolean(value=bool(results))
    names = [variable.value for variable in results.variables]
    return canonical.table(names, output.each(results), is_ordered=canonical.orders(query.text))


def _write_digest(answer: canonical.CanonicalAnswer, output: CountingWriter) -> None:
    output.write(json.dumps(answer.result).encode())


def _write_graph(triples: Iterable[ox.Triple], name: str, output: CountingWriter) -> None:
    """Write a graph; RDF/XML only once all of it is known to be writable, as an answer that has begun is no 406."""
    target: Output = output
    if name == "rdfxml":
        triples, target = list(triples), LegalWriter(output)
        refuse_unwritable(triples)
    ox.serialize(triples, cast(IO[bytes], target), format=_GRAPHS[name])


def _write_csv(results: ox.QuerySolutions, output: CountingWriter) -> None:
    """Write a table as CSV (SPARQL 1.1 Query Results CSV, section 3): the engine leaves IRIs with a comma unquoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([variable.value for variable in results.variables])
    for row in results:
        writer.writerow(["" if term is None else _plain(term) for term in row])
        if text.tell() > _CSV_PIECE:
            output.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    output.write(text.getvalue().encode())


def _plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _other_form(query: Query) -> GraphServiceError:
    return QuerySyntaxError(f"The text is not of the form {query.form.value}.")
