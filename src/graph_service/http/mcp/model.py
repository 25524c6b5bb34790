"""The tool `model`: classes, properties and lists of the data set on less than 2,000 tokens, read from the ontology."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from graph_service.http.mcp.answers import Answer
from graph_service.http.mcp.inquiry import Inquiry
from graph_service.http.web.parameters import Texts
from graph_service.rdf.answers import Row

# Characters of each part; four of them are about a token.
_PARTS = {"classes": 2000, "properties": 3300, "lists": 1700}
# Of one list, so that a long one leaves room for others.
_MOST_OF_A_LIST = 430
_KINDS = {"class": "classes", "property": "properties", "list": "lists"}
# The end of a first sentence, or of its first half.
_END = re.compile(r"[.;:](?= |$)")


async def model(inquiry: Inquiry, arguments: Texts) -> Answer:
    """The terms of the data set, the most used first, each with its uses and the first sentence of its definition."""
    remembered = inquiry.edition.remembered("model-for-assistants", _Models)
    if inquiry.language not in remembered:
        remembered[inquiry.language] = await _terms(inquiry)
    lines = remembered[inquiry.language]
    shown = {part: list(_fitting(lines[part], most)) for part, most in _PARTS.items()}
    left_out = {part: len(lines[part]) - len(shown[part]) for part in _PARTS}
    facts = {"base": inquiry.edition.names.base, "statements": inquiry.edition.manifest.triples, **shown}
    caveats = [inquiry.words["mcp.silence"], inquiry.words["mcp.model"].format(**left_out)]
    return Answer(inquiry.page(f"{inquiry.edition.names.base}ontology"), [], caveats=caveats, facts=facts)


class _Models(dict[str, Mapping[str, Sequence[str]]]):
    """The lines of each part, by language: to count the uses of all terms takes 40 ms."""


async def _terms(inquiry: Inquiry) -> Mapping[str, Sequence[str]]:
    """The lines of each part, by what the ontology and the data say."""
    questions = inquiry.edition.questions
    file = questions.file("model" if inquiry.edition.of_model else "model-of-others")
    bound = file.bind({"lang": [inquiry.language]}, inquiry.edition.names)
    rows = await questions.rows(bound, inquiry.client)
    concepts: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"]["value"] == "concept":
            concepts.setdefault(row["scheme"]["value"], []).append(inquiry.short(row["item"]["value"]))
    lines: dict[str, dict[str, str]] = {part: {} for part in _PARTS}
    for row in rows:
        part, iri = _KINDS.get(row["kind"]["value"], ""), row["item"]["value"]
        # Terms that other vocabularies define are known well enough; of a term with several ranges one is shown.
        if part and "meaning" in row and iri not in lines[part]:
            lines[part][iri] = _line(row, concepts.get(iri, ()), inquiry)
    return {part: list(found.values()) for part, found in lines.items()}


def _line(row: Row, concepts: Sequence[str], inquiry: Inquiry) -> str:
    """Name, domain and range, number of uses, meaning; a list also has its members."""
    name = inquiry.short(row["item"]["value"])
    if concepts:
        folder = concepts[0].rpartition("/")[0]
        return f"{folder}/ {_names([concept.rpartition('/')[2] for concept in concepts])}"
    ends = [inquiry.short(row[end]["value"]) if end in row else "" for end in ("domain", "range")]
    arrow = f" {ends[0]}→{ends[1]}" if any(ends) else ""
    meaning = row["meaning"]["value"]
    end = _END.search(meaning)
    return f"{name}{arrow} {row['uses']['value']}: {meaning[: end.start()] if end else meaning}"


def _names(names: Sequence[str]) -> str:
    """Names of a list, so many as there is room for, and how many are left."""
    shown = list(_fitting(names, _MOST_OF_A_LIST))
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" … {more} more" if more else "")


def _fitting(lines: Iterable[str], most: int) -> Iterable[str]:
    """The lines in their order, without those for which there is no room any more."""
    for line in lines:
        if len(line) + 3 <= most:
            most -= len(line) + 3
            yield line
