"""Turtle for what a sheet describes: actors, propositions, coders and documents."""

from __future__ import annotations

from dataclasses import replace

from graph_service.building import evidence
from graph_service.importing import dates
from graph_service.importing.cells import Cells
from graph_service.importing.findings import SheetRow
from graph_service.importing.turtle import Pairs, Writer, link, text
from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import Term, literal

_FORMS = {"organisation": "mp:Organisation", "body": "mp:Body", "group": "mp:ActorGroup"}


def actor(row: SheetRow, term: Term, cells: Cells, writer: Writer) -> str:
    """An actor with kind, level and a name in each language."""
    form = row.get("form").casefold() or "organisation"
    if form not in _FORMS:
        cells.findings.add(row, "form", "is not a form of actor", f"Write one of {', '.join(_FORMS)}.")
    pairs: Pairs = [
        ("dcterms:type", [cells.concept(row, "type", "actor-kinds")]),
        ("mp:atLevel", [cells.concept(row, "level", "levels")] if "level" in row else []),
        ("dcterms:identifier", [text(row.get("id"))]),
        ("skos:prefLabel", _both(row, "name", cells)),
    ]
    return writer.block(term, _FORMS.get(form, "mp:Organisation"), pairs)


def proposition(row: SheetRow, term: Term, cells: Cells, writer: Writer) -> str:
    """A proposition with its text in each language and its issue."""
    if "issue" not in row:
        cells.concept(row, "issue", "issues")
    pairs: Pairs = [
        ("dcterms:identifier", [text(row.get("id"))]),
        ("mp:underIssue", cells.concepts(row, "issue", "issues")),
        ("skos:prefLabel", _both(row, "text", cells)),
        ("mp:oneThingBecause", _one_thing(row, cells)),
    ]
    return writer.block(term, "mp:Proposition", pairs)


def _one_thing(row: SheetRow, cells: Cells) -> list[Term]:
    """Why a claim with an “and” in it says one thing: in both languages, or not at all."""
    stem = "one_thing_because"
    return _both(row, stem, cells) if {f"{stem}_de", f"{stem}_en"} & row.cells.keys() else []


def coder(name: str, term: Term, writer: Writer) -> str:
    """A coder, by the name that the sheet uses: codings are named, never persons."""
    return writer.block(term, "prov:Agent", [("skos:prefLabel", [text(name, "de"), text(name, "en")])])


def document(row: SheetRow, term: Term, holders: list[str], cells: Cells, writer: Writer) -> str:
    """A document with dates, links, kind of source, and who speaks in it.

    Own texts have their actors as authors; in reports and evaluations the actors are those reported on.
    """
    own = _own_text(cells.concept(row, "source_kind", "source-kinds"))
    actors = _actors(row, "actors", holders, cells)
    authors = cells.entities(row, "authors", "actor") or (actors if own else [])
    joint = actors if cells.flag(row, "joint") else []
    given = row.get("date") or row.get("date_interval")
    pairs: Pairs = [
        ("dcterms:type", [cells.concept(row, "kind", "document-kinds", default="text")]),
        ("dcterms:identifier", [text(row.get("id"))]),
        ("dcterms:title", [text(cells.required(row, "title"), _language(row, cells)), text(row.get("title_en"), "en")]),
        ("dcterms:language", [text(_language(row, cells))]),
        ("dcterms:creator", authors),
        ("mp:jointlyIssuedBy", joint),
        ("mp:reportsOn", [] if own else [one for one in actors if one not in authors]),
        ("mp:dateAsGiven", [text("undated" if dates.is_undated(given) else row.get("date_as_printed") or given)]),
        *cells.days(row),
        ("mp:forLegislature", [text(row.get("legislature"))]),
        ("mp:sourceKind", [cells.concept(row, "source_kind", "source-kinds")]),
        ("schema:url", links(row, "url", cells)),
        ("rdfs:seeAlso", links(row, "further_urls", cells)),
        ("dcterms:bibliographicCitation", [text(row.get("path_in_repository"))]),
        ("mp:sourceFile", _source_file(row, cells)),
        ("schema:sha256", [cells.digest(row, "source_sha256", needs="source_file")] if "source_sha256" in row else []),
        ("mp:placesCheckedByMachine", _checked(row, cells)),
        ("mp:coverage", [cells.concept(row, "coverage", "coverages", default="coded-places")]),
        ("mp:lookedFor", cells.concepts(row, "looked_for", "issues")),
        ("mp:foundNothingOn", cells.entities(row, "searched_nothing_found", "proposition")),
        ("mp:caution", cells.concepts(row, "caution", "cautions")),
        ("skos:editorialNote", [text(row.get("note"), "en")]),
        ("dcterms:replaces", cells.entities(row, "replaces", "document")),
    ]
    return writer.block(term, "mp:Document", pairs)


def _source_file(row: SheetRow, cells: Cells) -> list[Term]:
    """Where the text of a document lies below the directory of source texts."""
    name = row.get("source_file")
    if name and not evidence.is_below(name):
        cells.findings.add(
            row, "source_file", "leads out of the source texts", "Write a path below them: dir/file.txt."
        )
    return [text(name)]


def _own_text(source_kind: Term) -> bool:
    return "/source-kind/primary" in source_kind


def _actors(row: SheetRow, column: str, holders: list[str], cells: Cells) -> list[Term]:
    """The actors of a document: those it lists, else the holders of its claims."""
    if column in row or not holders:
        return cells.entities(row, column, "actor")
    listed = replace(row, cells={**row.cells, column: "; ".join(holders)})
    return cells.entities(listed, column, "actor")


def _language(row: SheetRow, cells: Cells) -> str:
    value = row.get("language").casefold()
    if not (2 <= len(value) <= 3 and value.isascii() and value.isalpha()):
        cells.findings.add(row, "language", "is not a language", "Write its short form, such as de.")
        return ""
    return value


def _both(row: SheetRow, stem: str, cells: Cells) -> list[Term]:
    return [text(cells.required(row, f"{stem}_{language}"), language) for language in ("de", "en")]


def links(row: SheetRow, column: str, cells: Cells) -> list[Term]:
    """The web addresses that a cell lists."""
    found = []
    for part in row.get(column).split("; "):
        try:
            found += [link(part.strip())] if part.strip() else []
        except ValueError:
            cells.findings.add(row, column, "is not a web address", "Write https://…, several with “; ” between.")
    return found


def _checked(row: SheetRow, cells: Cells) -> list[Term]:
    if "locators_machine_checked" not in row:
        return []
    value = "true" if cells.flag(row, "locators_machine_checked") else "false"
    return [literal(value, datatype=f"{XSD}boolean")]
