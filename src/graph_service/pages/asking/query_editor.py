"""The query editor: a form that works without scripts, and the data for the script that extends it.

Only browsers see it, and only where no format is named: to everyone else `/sparql` answers as the protocol says.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.http import web
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.formats import GRAPHS, RESULTS
from graph_service.settings import ServeSettings

PATH = "/sparql"
_WORDS, _PROBLEM = "sparql.", "problem."
# What the protocol knows of a query, for an address that can be shared, and an example of the catalogue by name.
PARAMS: Mapping[str, Parameter] = {
    "query": Parameter(type=Type.STRING),
    "example": Parameter(type=Type.STRING),
    "inferred": Parameter(type=Type.STRING),
    "default-graph-uri": Parameter(type=Type.STRING, repeatable=True),
    "named-graph-uri": Parameter(type=Type.STRING, repeatable=True),
}
# What opens in a spreadsheet comes first: readers of forms rarely want JSON.
_TABLES = (*RESULTS[2:], *RESULTS[:2])
_GRAPHS = ("default-graph-uri", "named-graph-uri")
# Each is a class or property by IRI, with its label.
Terms = list[tuple[str, str]]


@dataclass(frozen=True)
class EditorExample:
    """A query of the catalogue: its name, its title in the language of the page, and what it is about first of all."""

    name: str
    title: str
    tag: str


def editor(catalogue: Catalogue, settings: ServeSettings) -> Callable[[Visit], Awaitable[PageContent]]:
    """The page.

    Args:
        catalogue: the examples.
        settings: the limits of a query.
    """

    async def page(visit: Visit) -> PageContent:
        examples = list(_examples(catalogue, visit.language))
        chosen = visit.one("example")
        text = _bound(catalogue[chosen], visit) if chosen else visit.one("query")
        facts = {
            "text": text or _first(catalogue, examples, visit),
            "chosen": chosen,
            "examples": examples,
            "stated_only": visit.one("inferred").lower() in ("false", "0"),
            "graphs": [(name, value) for name in _GRAPHS for value in visit.arguments.get(name, ())],
            "table_formats": _TABLES,
            "graph_formats": GRAPHS,
            "settings": settings,
            "given": {**_given(visit), **await _terms(visit), "run": bool(text)},
        }
        return PageContent("sparql", facts)

    return page


class _Memory:
    """What is kept for a data set: IRIs of classes and properties, for completion."""

    def __init__(self) -> None:
        self.terms: Mapping[str, list[str]] | None = None


async def _terms(visit: Visit) -> Mapping[str, Terms]:
    """IRIs and labels by `class` and `property`, in the language of the visit."""
    memory = visit.edition.remembered("editor", _Memory)
    if memory.terms is None:
        found: dict[str, list[str]] = {"class": [], "property": []}
        for row in await visit.rows("terms"):
            found[row["kind"]["value"]].append(row["item"]["value"])
        memory.terms = found
    iris = memory.terms
    await visit.label(iri for kind in iris.values() for iri in kind)
    text = visit.show.labels.text
    return {kind: [(iri, text(iri, visit.language)) for iri in found] for kind, found in iris.items()}


def _given(visit: Visit) -> Mapping[str, Any]:
    """What else the script needs to know."""
    names, words = visit.show.names, web.words(visit.language)
    return {
        "base": names.base,
        "root": visit.show.root,
        "language": visit.language,
        "asked": visit.asked,
        "prefixes": dict(names.prefixes),
        "labels": _without_header(visit.questions.file("labels").text),
        "extensions": {format_.name: format_.extension for format_ in (*_TABLES, *GRAPHS)},
        "problems": {key.removeprefix(_PROBLEM): text for key, text in words.items() if key.startswith(_PROBLEM)},
        "words": {key.removeprefix(_WORDS): text for key, text in words.items() if key.startswith(_WORDS)},
    }


def _examples(catalogue: Catalogue, language: str) -> Iterator[tuple[str, Sequence[EditorExample]]]:
    """The examples by what they are about, the largest group first, those within a group by title."""
    found = [
        EditorExample(query.name, query.header.title.get(language, query.name), next(iter(query.header.tags), ""))
        for query in catalogue
    ]
    found.sort(key=lambda one: (one.tag, sort_key(one.title)))
    groups = [(tag, list(ones)) for tag, ones in groupby(found, key=lambda one: one.tag)]
    yield from sorted(groups, key=lambda group: -len(group[1]))


def _first(catalogue: Catalogue, examples: Sequence[tuple[str, Sequence[EditorExample]]], visit: Visit) -> str:
    """The query that an empty editor starts with."""
    return _bound(catalogue[examples[0][1][0].name], visit) if examples else "SELECT * WHERE { ?s ?p ?o } LIMIT 10"


def _bound(query: QueryFile, visit: Visit) -> str:
    """A query with the values of its example in place, under its title instead of its header."""
    arguments = dict(query.examples)
    if "lang" in query.header.params:
        arguments["lang"] = [visit.language]
    text = query.bind(arguments, visit.show.names)
    return f"# {query.header.title.get(visit.language, query.name)}\n{_without_header(text)}"


def _without_header(text: str) -> str:
    """The query, without the gaps that parameters without a value leave."""
    query = "\n".join(line for line in text.splitlines() if not line.startswith("#+"))
    return re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", query)
