"""The tools `run_query` and `sparql`: answers with columns."""

from __future__ import annotations

from pydantic_core import from_json

from graph_service.catalogue.parameters import did_you_mean
from graph_service.errors import ParameterError
from graph_service.http.mcp.answers import Answer
from graph_service.http.mcp.client_queries import ClientQuery
from graph_service.http.mcp.inquiry import Inquiry
from graph_service.http.mcp.rows import table_answer
from graph_service.http.web.parameters import Texts
from graph_service.rdf import answers
from graph_service.rdf.formats import Form
from graph_service.views.tables import Table, labelled

QUERIES, SPARQL = "/api/queries", "/sparql"
FEW = 20
MOST = 200
# A longer query has no address of its own.
_LONGEST_ADDRESS = 1500
# Before the name of an argument of a named query, among the arguments of the tool.
GIVEN = "arguments."
_DIGITS = 10


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
    start, end = window(arguments)
    return await table_answer(inquiry, link, Table(content["columns"], rows[start:end]), start, len(rows), facts)


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
    """
    text, inferred = arguments.one("query"), arguments.one("inferred") != "false"
    answer = await inquiry.run(ClientQuery(text, inferred))
    given = {"query": [text], **({} if inferred else {"inferred": ["false"]})}
    link = inquiry.permalink(SPARQL, given if len(text) <= _LONGEST_ADDRESS else {})
    facts = {"statements": "stated and inferred" if inferred else "stated"}
    start, end = window(arguments)
    if answer.form is Form.SELECT:
        columns, rows = answers.solutions(answer.body)
        labels = await inquiry.edition.questions.label(rows[start:end], inquiry.client)
        table = labelled(columns, rows[start:end], labels, inquiry.language)
        return await table_answer(inquiry, link, table, start, len(rows), facts, is_cut=answer.is_cut)
    if answer.form is Form.ASK:
        return Answer(link, [from_json(answer.body)["boolean"]], "answer", facts=facts)
    triples, more = answer.body.decode().splitlines(), inquiry.words["mcp.offset"]
    return Answer(link, triples[start:end], "quoted_triples", len(triples), answer.is_cut, more, start, facts=facts)


def window(arguments: Texts) -> tuple[int, int]:
    """From which row to which.

    Raises:
        ParameterError: `limit` is no number between 1 and `MOST`, or `offset` none.
    """
    limit, start = arguments.one("limit") or str(FEW), arguments.one("offset") or "0"
    if not (limit.isdecimal() and 1 <= int(limit) <= MOST):
        raise ParameterError(f"limit={limit[:20]} is not between 1 and {MOST}.")
    if not (start.isdecimal() and len(start) < _DIGITS):
        raise ParameterError(f"offset={start[:20]} is no number of rows.", hint="Take next_offset of an answer.")
    return int(start), int(start) + int(limit)
