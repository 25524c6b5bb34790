"""The tools `search`, `describe` and `explain`: what there is, what is said of it, and why that holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.mcp.answers import Answer
from graph_service.http.mcp.evidence import Evidence, evidence, grounds
from graph_service.http.mcp.inquiry import Inquiry
from graph_service.http.web import LANGUAGES
from graph_service.http.web.parameters import Texts
from graph_service.rdf.answers import Binding

SEARCH, EXPLAIN = "/api/search", "/api/explain"
# Whatever has a type can be described; the query file `things` knows what has a property.
_THING = Parameter(type=Type.IRI, of="rdf:type", example="id/actor/spd")
# Values of one property that are listed; the others are counted.
_VALUES = 8
_FOUND = 10


async def search(inquiry: Inquiry, arguments: Texts) -> Answer:
    """Full text, best hits first."""
    arguments = Texts({"limit": [str(_FOUND)], **arguments})
    content = await inquiry.get(SEARCH, arguments)
    hits = content["hits"]
    found = await evidence(inquiry, (hit["id"] for hit in hits))
    rows = [_hit(hit, found, inquiry) for hit in hits]
    caveats = [] if hits else [inquiry.words["mcp.not-found"]]
    is_cut = len(hits) == int(arguments.one("limit"))
    link, more = inquiry.permalink(SEARCH, arguments), inquiry.words["mcp.limit"]
    return Answer(link, rows, "hits", is_cut=is_cut, more=more, caveats=caveats)


def _hit(hit: Mapping[str, Any], found: dict[str, Evidence], inquiry: Inquiry) -> dict[str, Any]:
    excerpts = {excerpt["field"]: excerpt["text"] for excerpt in reversed(hit["excerpts"])}
    row = {"id": inquiry.short(hit["id"]), "kind": hit["kind"], "label": hit["label"]}
    return {**row, **grounds(hit["id"], found, inquiry), "quoted": excerpts}


async def describe(inquiry: Inquiry, arguments: Texts) -> Answer:
    """Every statement about a thing, by property; the inferred ones are marked.

    Raises:
        ParameterError: the data set knows no such thing.
    """
    iri = await _known(inquiry, arguments["id"])
    inferred = inquiry.edition.names.inferred_graph[1:-1]
    said: dict[str, dict[tuple[str, str], bool]] = {}
    for row in await inquiry.rows("said-of-a-thing", item=[iri]):
        if not _left_out(row["value"], inquiry):
            values = said.setdefault(row["property"]["value"], {})
            value = (row["value"]["type"], row["value"]["value"])
            values[value] = values.get(value, True) and row["graph"]["value"] == inferred
    shown = {text for values in said.values() for kind, text in values if kind == "uri"}
    labels = await inquiry.labels({iri, *said, *shown})
    found = await evidence(inquiry, [iri])

    def value_json(value: tuple[str, str]) -> Any:
        kind, text = value
        if kind != "uri":
            return text
        return {"id": inquiry.short(text), "label": labels.text(text, inquiry.language)}

    rows = []
    for predicate, values in said.items():
        for is_inferred in (False, True):
            listed = [value for value, mark in values.items() if mark is is_inferred]
            if listed:
                about = {"property": inquiry.short(predicate), "label": labels.text(predicate, inquiry.language)}
                basis = "inferred" if is_inferred else "stated"
                quoted = [value_json(value) for value in listed[:_VALUES]]
                more = {"more": len(listed) - _VALUES} if len(listed) > _VALUES else {}
                rows.append({**about, "basis": basis, **more, "quoted": quoted})
    # What a source states comes before what follows from it.
    rows.sort(key=lambda row: row["basis"] == "inferred")
    facts = {
        "id": inquiry.short(iri),
        "label": labels.text(iri, inquiry.language),
        "passages": found.get(iri, Evidence()).passages,
    }
    return Answer(inquiry.page(iri), rows, "statements", facts=facts, caveats=[inquiry.words["mcp.values"]])


async def _known(inquiry: Inquiry, names: list[str]) -> str:
    """The IRI of a thing."""
    try:
        (iri,) = await inquiry.settled("id", _THING, names, known="things")
    except ParameterError as error:
        # What names are kept of means nothing to who asks.
        raise ParameterError(error.message.replace(f" as {_THING.of}", ""), hint=error.hint) from None
    return iri


def _left_out(value: Binding, inquiry: Inquiry) -> bool:
    """Texts in the other language, and classes without a name."""
    if value["type"] == "uri":
        return inquiry.edition.names.skolemised(value["value"]) is not None
    language = value.get("xml:lang", inquiry.language)
    return language != inquiry.language and language in LANGUAGES


async def explain(inquiry: Inquiry, arguments: Texts) -> Answer:
    """The proof of a statement, premises before what follows from them."""
    content = await inquiry.get(EXPLAIN, arguments)
    proof = content["proof"]
    rows = [_step(node, inquiry) for node in proof["nodes"]]
    facts = {"basis": "stated" if proof["stated"] else "inferred", "conclusion": proof["conclusion"]}
    link = inquiry.permalink(EXPLAIN, arguments)
    return Answer(link, rows, "proof", facts=facts, caveats=[inquiry.words["mcp.proof"]])


def _step(node: Mapping[str, Any], inquiry: Inquiry) -> dict[str, Any]:
    """A node of the proof: a stated triple with its sources, or what follows by a rule of OWL 2 RL."""
    triple = node["triple"] and " ".join(_term(node["triple"][part], inquiry) for part in "spo")
    step = {"n": node["id"], "quoted": {"triple": triple}}
    if "rule" in node:
        return {**step, "rule": node["rule"], "from": node["premises"]}
    sources = []
    for source in node["sources"]:
        names = {name: source[name] for name in ("kind", "file", "line") if name in source}
        if "place" in source:
            passage = {"place": source["place"], "in": inquiry.short(source["document"])}
            names |= {"sha256": source.get("digest"), "quoted": passage}
        sources.append(names)
    return {**step, "sources": sources}


def _term(term: str, inquiry: Inquiry) -> str:
    return inquiry.short(term[1:-1]) if term.startswith("<") else term
