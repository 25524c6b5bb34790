"""The questions that named queries answer: a list of them, and a page for each with form, answer and query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter

from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.pages.asking.result_table import ResultTable, result_table
from graph_service.pages.fields import FormField, as_text, field_of
from graph_service.pages.page_routes import add_page
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.answers import solutions

PATH = "/questions"
# The page has a language anyway.
_LANGUAGE = "lang"
# Rows on a page; files have all.
_ROWS = 100
# Questions to begin with, and the heading that they stand under.
_FIRST, _MOST_FIRST = "first", 12


@dataclass(frozen=True)
class FeaturedQuestion:
    """A query of the catalogue in the language of the page."""

    name: str
    title: str
    description: str


def add_questions(routes: APIRouter, catalogue: Catalogue) -> None:
    """Add the list of the questions in a catalogue, and the page of each."""
    add_page(routes, PATH, _list(catalogue))
    for query in catalogue:
        params = {name: as_text(about) for name, about in query.header.params.items() if name != _LANGUAGE}
        answer = partial(question, query=query, catalogue=catalogue)
        add_page(routes, f"{PATH}/{query.name}", answer, params, listed=False)


def _list(catalogue: Catalogue) -> Callable[[Visit], Awaitable[PageContent]]:
    async def page(visit: Visit) -> PageContent:
        return PageContent("questions", {"groups": grouped(catalogue, visit.language)})

    return page


def grouped(catalogue: Catalogue, language: str) -> list[tuple[str, list[FeaturedQuestion]]]:
    """Those to begin with, then all others by what they are about first of all: by rank, then by title."""
    ranked = sorted(catalogue, key=lambda one: (one.header.rank, sort_key(one.header.title.get(language, one.name))))
    groups: dict[str, list[FeaturedQuestion]] = {_FIRST: []}
    for query in ranked:
        tag = _FIRST if query.header.rank <= _MOST_FIRST else next(iter(query.header.tags), "")
        groups.setdefault(tag, []).append(_featured(query, catalogue, language))
    return [(tag, ones) for tag, ones in groups.items() if ones]


async def question(visit: Visit, query: QueryFile, catalogue: Catalogue) -> PageContent:
    """The page of one question: with nothing filled in it shows the answer to its example.

    Raises:
        QueryError: the store did not answer.
    """
    given = {name: values[0] for name, values in visit.arguments.items() if name in query.header.params}
    asked = given or {name: values[0] for name, values in query.examples.items()}
    fields: list[FormField] = []
    values: dict[str, list[str]] = {}
    for name, about in query.header.params.items():
        if name == _LANGUAGE:
            values[name] = [visit.language]
            continue
        field, value = await field_of(visit, name, about, asked.get(name, ""))
        fields.append(field)
        if value:
            values[name] = [value]
    complete = not any(one.problem or (one.required and not one.text) for one in fields)
    bound = query.bind(values, visit.show.names) if complete else ""
    table: ResultTable | None = None
    if bound:
        columns, rows = solutions(await visit.questions.answer(bound, visit.client))
        await visit.label(cell["value"] for row in rows[:_ROWS] for cell in row.values() if cell["type"] == "uri")
        table = result_table(columns, rows, visit.show, query.header.bars, catalogue.words, _ROWS)
    facts = {
        "question": _featured(query, catalogue, visit.language),
        "fields": fields,
        "is_example": bool(query.examples) and not given,
        "table": table,
        "sparql": "\n".join(line for line in bound.splitlines() if not line.startswith("#+")).strip(),
        "same": {name: values_ for name, values_ in values.items() if name != _LANGUAGE},
    }
    return PageContent("question", facts)


def _featured(query: QueryFile, catalogue: Catalogue, language: str) -> FeaturedQuestion:
    """A question; where its description quotes values of the answer, with the words that the page has for them."""
    description = query.header.description.get(language, "")
    for value, words in catalogue.words.values.items():
        description = description.replace(f"„{value}“", f"„{words.get(language, value)}“")
    return FeaturedQuestion(query.name, query.header.title.get(language, query.name), description)
