"""The tools `run_query` and `sparql`: answers with columns, each row with the passage that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from graph_service.catalogue.parameters import did_you_mean
from graph_service.errors import ParameterError
from graph_service.http.mcp.answers import Answer
from graph_service.http.mcp.evidence import evidence, grounds
from graph_service.http.mcp.inquiry import Inquiry
from graph_service.http.web.parameters import Texts
from graph_service.rdf import answers, guard
from graph_service.rdf.answers import Value
from graph_service.rdf.formats import TSV, Form, by_name
from graph_service.store import Query
from graph_service.views import tables

QUERIES, SPARQL = "/api/queries", "/sparql"
FEW = 20
MOST = 200
# A longer query has no address of its own.
_LONGEST_ADDRESS = 1500
# Before the name of an argument of a named query, among the arguments of the tool.
GIVEN = "arguments."


async def run_query(inquiry: Inquiry, arguments: Texts) -> Answer:
    """A named query, or the list of them.

    Raises:
        ParameterError: there is none of this name.
    """
    name = arguments.one("name")
    if not name:
        return await _listing(inquiry, arguments.one("about"))
    known = {route.path.removeprefix(f"{QUERIES}/"): route for route in inquiry.operations(QUERIES)}
    if name not in known:
        hint = did_you_mean(name, known) or "Call run_query without a name for the list."
        raise ParameterError(f"There is no query named {name[:80]!r}.", hint=hint)
    given = {key.removeprefix(GIVEN): values for key, values in arguments.items() if key.startswith(GIVEN)}
    content = await inquiry.get(f"{QUERIES}/{name}", {**given, "format": ["rows"]})
    rows = [[row.get(column) for column in content["columns"]] for row in content["rows"]]
    facts = {"title": known[name].summary, "meaning": known[name].description.partition(" Columns: ")[0]}
    if inquiry.language == "de":
        in_german = known[name].openapi_extra or {}
        facts = {"title": in_german["x-summary-de"], "meaning": in_german["x-description-de"]}
    link = inquiry.permalink(f"{QUERIES}/{name}", given)
    return await _table(inquiry, link, content["columns"], rows, limit_of(arguments), facts)


async def _listing(inquiry: Inquiry, about: str) -> Answer:
    """Name, title and arguments of each query, those that are needed with an example."""
    rows = []
    for one in (await inquiry.get(QUERIES, {}))["queries"]:
        words = f"{one['name']} {one['title']} {' '.join(one['tags'])}".lower()
        if all(word in words for word in about.lower().split()):
            takes = {
                about["name"]: about.get("example", about["type"]) + ("" if about["required"] else "?")
                for about in one["parameters"]
                if about["name"] not in ("lang", "inferred")
            }
            rows.append({"name": one["name"], "title": one["title"], "arguments": takes})
    caveats = [inquiry.words["mcp.listing"]] if rows else [inquiry.words["mcp.not-found"]]
    link = inquiry.permalink(QUERIES, {})
    return Answer(link, rows, "queries", more=inquiry.words["mcp.about"], caveats=caveats)


async def sparql(inquiry: Inquiry, arguments: Texts) -> Answer:
    """A query of the client's own, through the guard and the limits of `/sparql`.

    Raises:
        QueryRefused, QuerySyntaxError, LimitExceeded: by the guard.
        AskFirst: the serving process is to answer it.
    """
    text, inferred = arguments.one("query"), arguments.one("inferred") != "false"
    form = guard.inspect(text).form
    format_ = TSV if form is Form.SELECT else by_name(form, "json" if form is Form.ASK else "ntriples")
    answer = await inquiry.run(Query(text, form, format_, inferred))
    given = {"query": [text], **({} if inferred else {"inferred": ["false"]})}
    link = inquiry.permalink(SPARQL, given if len(text) <= _LONGEST_ADDRESS else {})
    facts = {"statements": "stated and inferred" if inferred else "stated"}
    limit = limit_of(arguments)
    if form is Form.SELECT:
        columns, rows = answers.solutions(answer.body)
        labels = await inquiry.edition.questions.label(rows[:limit], inquiry.client)
        table = tables.labelled(columns, rows[:limit], labels, inquiry.language)
        every = [*table.rows, *([None] * len(table.columns) for _ in rows[limit:])]
        return await _table(inquiry, link, table.columns, every, limit, facts, is_cut=answer.is_cut)
    if form is Form.ASK:
        return Answer(link, [from_json(answer.body)["boolean"]], "answer", facts=facts)
    triples = answer.body.decode().splitlines()
    more = inquiry.words["mcp.limit"]
    return Answer(link, triples[:limit], "quoted_triples", len(triples), answer.is_cut, more, facts=facts)


def limit_of(arguments: Texts) -> int:
    """How many rows are asked for.

    Raises:
        ParameterError: no number between 1 and `MOST`.
    """
    text = arguments.one("limit") or str(FEW)
    if not (text.isdigit() and 1 <= int(text) <= MOST):
        raise ParameterError(f"limit={text[:20]} is not between 1 and {MOST}.")
    return int(text)


async def _table(
    inquiry: Inquiry,
    link: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Value]],
    limit: int,
    facts: dict[str, Any],
    *,
    is_cut: bool = False,
) -> Answer:
    """Rows with short names; behind each what the positions, relations and passages in it rest on."""
    shown, names = rows[:limit], inquiry.edition.names
    owned = [[cell for cell in row if isinstance(cell, str) and names.owns(cell)] for row in shown]
    found = await evidence(inquiry, (iri for row in owned for iri in row))
    written = []
    for row, iris in zip(shown, owned, strict=True):
        named = [iri for iri in dict.fromkeys(iris) if iri in found] or iris[:1]
        cells = [inquiry.short(cell) if cell in iris else cell for cell in row]
        written.append([*cells, [{"of": inquiry.short(iri), **grounds(iri, found, inquiry)} for iri in named]])
    facts = {**facts, "columns": [*columns, "evidence"]}
    words = inquiry.words
    caveats = [words["mcp.silence"]] if rows else [words["mcp.nothing"]]
    caveats += [words["mcp.without-passages"]] if rows and not found else []
    more = words["mcp.limit"]
    return Answer(link, written, "quoted_rows", len(rows), is_cut, more, caveats, facts)
