"""Turtle for a claim: the position, its passage, and the code of each coder side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph_service.importing import sheet_columns
from graph_service.importing.cell_values import whole_number
from graph_service.importing.cells import Cells
from graph_service.importing.findings import SheetRow
from graph_service.importing.known import KnownPosition, slug
from graph_service.importing.turtle import Pairs, Writer, link, text
from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import Term, literal

_DIGITS = 10


@dataclass(frozen=True)
class ClaimPassage:
    """A place in a document: claims that name the same place share it."""

    term: Term
    row: SheetRow


def position(row: SheetRow, term: Term, document: Term, cells: Cells, writer: Writer) -> tuple[str, ClaimPassage]:
    """The block of a claim's position, and its passage."""
    place = _passage(row, document, cells)
    codes = _codes(row)
    pairs: Pairs = [
        ("dcterms:identifier", [text(row.get("id"))]),
        ("dcterms:replaces", cells.positions(row, "replaces")),
        ("mp:heldBy", cells.entities(row, "actor", "actor") or _holder_missing(row, cells)),
        ("dcterms:type", [cells.concept(row, "kind", "position-kinds", default="stance")]),
        *_on_proposition(row, cells),
        ("mp:usesVerb", [cells.concept(row, "stance", "verbs")]),
        ("mp:hasStrength", [cells.concept(row, "strength", "strengths")] if "strength" in row else []),
        ("mp:codedGroup", cells.concepts(row, "target_group", "target-groups")),
        ("mp:codedAddressee", cells.entities(row, "addressee", "actor")),
        ("mp:citesInstrument", cells.entities(row, "instrument", "instrument")),
        ("mp:inPassage", [place.term]),
        ("mp:codedBy", _coders(row, codes, cells)),
        ("mp:verification", [cells.concept(row, "verification_status", "verifications", default="not-checked")]),
        ("mp:checkedIn", [text(row.get("verification_checked_in"))]),
        ("mp:verificationNote", [text(row.get("verification_note"), "en")]),
        ("mp:sourceKind", [cells.concept(row, "source_kind", "source-kinds")] if "source_kind" in row else []),
        ("mp:caution", cells.concepts(row, "caution", "cautions")),
        ("skos:editorialNote", [text(row.get("resolved"), "en"), text(row.get("note"), "en")]),
        ("mp:paraphrase", _paraphrases(row, cells)),
    ]
    return writer.block(term, "mp:Position", pairs), place


def passage(place: ClaimPassage, language: str, document: Term, cells: Cells, writer: Writer) -> str:
    """The block of a passage, with the place as the sheet names it."""
    row = place.row
    heading = cells.required(row, "locator_heading")
    ranges = list(_ranges(place, cells))
    pairs: Pairs = [
        ("oa:hasSource", [document]),
        ("mp:heading", [text(heading, language)]),
        ("skos:prefLabel", _labels(row, heading, cells)),
        ("mp:firstWords", [text(cells.first_words(row, "locator_first_words"))]),
        ("schema:url", _link(row, cells)),
        ("oa:hasSelector", [term for term, _, _ in ranges]),
        ("schema:sha256", _digest(row, cells)),
    ]
    block = writer.block(place.term, "mp:Passage", pairs)
    return block + "".join(_selector(*one, writer) for one in ranges)


def codings(row: SheetRow, term: Term, cells: Cells, writer: Writer) -> str:
    """A block for each coder's code of a position."""
    blocks = []
    for name in _codes(row):
        pairs: Pairs = [
            ("mp:codingOf", [term]),
            ("mp:codingBy", [_coder(row, sheet_columns.CODES + name, name, cells)]),
            ("mp:codedAgreement", [cells.agreement(row, sheet_columns.CODES + name)]),
        ]
        blocks.append(writer.block(cells.known.term("coding", f"{slug(term)}-by-{name}"), "mp:Coding", pairs))
    return "".join(blocks)


def contradictions(row: SheetRow, known: KnownPosition, cells: Cells) -> None:
    """Note where a claim differs from the position that stands in the graph already."""
    if row.get("agreement") and known.agreement and row.get("agreement") != known.agreement:
        problem = f"differs from {slug(known.term)}, which is in the graph with {known.agreement}"
        cells.findings.add(row, "agreement", problem, "Settle which is right, or leave the claim out.")
    named = cells.entity(row, "proposition", "proposition") if "proposition" in row else ""
    if named and known.proposition and named != known.proposition:
        problem = f"differs from {slug(known.term)}, which is on {slug(known.proposition)}"
        cells.findings.add(row, "proposition", problem, "Settle which is right, or leave the claim out.")


def _on_proposition(row: SheetRow, cells: Cells) -> Pairs:
    """Proposition, agreement and fit belong together; a claim without a proposition names an issue instead."""
    if "proposition" in row:
        return [
            ("mp:onProposition", [cells.entity(row, "proposition", "proposition")]),
            ("mp:agreement", [cells.agreement(row, "agreement")]),
            ("mp:fit", [cells.concept(row, "fit", "fits", default="full")]),
        ]
    if "agreement" in row:
        cells.findings.add(row, "agreement", "has no proposition", "Name it, or empty the cell.")
    if "issue" not in row:
        cells.findings.add(row, "proposition", "and the issue are both missing", "Give one of them.")
    nearest = cells.entities(row, "nearest_proposition", "proposition")
    return [("mp:underIssue", cells.concepts(row, "issue", "issues")), ("mp:nearestProposition", nearest)]


def _paraphrases(row: SheetRow, cells: Cells) -> list[Term]:
    """The paraphrase in both languages, or in the one that there is."""
    if not {"paraphrase_de", "paraphrase_en"} & row.cells.keys():
        cells.findings.add(row, "paraphrase_de", "and paraphrase_en are both missing", "Give one of them, better both.")
    return [text(row.get(f"paraphrase_{language}"), language) for language in ("de", "en")]


def _passage(row: SheetRow, document: Term, cells: Cells) -> ClaimPassage:
    place = "\0".join(row.get(f"locator_{part}") for part in ("heading", "first_words", "url", "start", "end"))
    digest = hashlib.sha256(place.encode()).hexdigest()[:_DIGITS]
    return ClaimPassage(cells.known.term("passage", f"{slug(document)}-{digest}"), row)


def _labels(row: SheetRow, heading: str, cells: Cells) -> list[Term]:
    """The name of a place in both languages: its heading, and its page where the sheet knows it."""
    page = row.get("locator_page")
    if page and not whole_number(page):
        cells.findings.add(row, "locator_page", "is not a page number", "Write its number, or empty the cell.")
    german, english = (f", S. {page}", f", p. {page}") if page else ("", "")
    return [text(heading + german, "de"), text(f"at “{heading}”{english}", "en")]


def _digest(row: SheetRow, cells: Cells) -> list[Term]:
    """The digest of a passage; it says nothing without the range that it was taken over."""
    if "passage_sha256" not in row:
        return []
    return [cells.digest(row, "passage_sha256", needs="locator_start")]


def _ranges(place: ClaimPassage, cells: Cells) -> Iterator[tuple[Term, str, str]]:
    """The character ranges of a passage, where the sheet knows them: name, start and end of each."""
    row = place.row
    if not {"locator_start", "locator_end"} & row.cells.keys():
        return
    starts, ends = ([part.strip() for part in row.get(f"locator_{edge}").split(";")] for edge in ("start", "end"))
    places = [place for pair in zip(starts, ends, strict=False) for place in pair]
    numbers = [number for place in places if (number := whole_number(place)) is not None]
    if len(starts) != len(ends) or len(numbers) < len(places) or not _ascend(numbers):
        hint = "Give two numbers, start before end; of several ranges as many of both, in order, with “;” between."
        cells.findings.add(row, "locator_start", "and locator_end are not a range", hint)
        return
    name = place.term.replace("/id/passage/", "/id/range/", 1)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        yield (name if len(starts) == 1 else f"{name[:-1]}-{number}>"), start, end


def _ascend(numbers: Sequence[int]) -> bool:
    """Whether each range begins before it ends, and ends before the next begins, or where it begins."""
    inside = all(start < end for start, end in zip(numbers[::2], numbers[1::2], strict=True))
    return inside and all(end <= start for end, start in zip(numbers[1::2], numbers[2::2], strict=False))


def _selector(name: Term, start: str, end: str, writer: Writer) -> str:
    """A character range."""
    integer = f"{XSD}integer"
    pairs: Pairs = [("oa:start", [literal(start, datatype=integer)]), ("oa:end", [literal(end, datatype=integer)])]
    return writer.block(name, "oa:TextPositionSelector", pairs)


def _codes(row: SheetRow) -> list[str]:
    """The coders whose codes a row holds, in the order of the columns."""
    return [column.removeprefix(sheet_columns.CODES) for column in row.cells if column.startswith(sheet_columns.CODES)]


def _coders(row: SheetRow, codes: list[str], cells: Cells) -> list[Term]:
    """Who coded the position: the column coder, else the first of those whose codes stand there."""
    if "coder" in row:
        return [_coder(row, "coder", name.strip(), cells) for name in row.get("coder").split(";")]
    if codes:
        return [_coder(row, sheet_columns.CODES + codes[0], codes[0], cells)]
    cells.findings.add(row, "coder", "is missing", "Name who coded, such as coder-1; no names of persons.")
    return []


def _coder(row: SheetRow, column: str, name: str, cells: Cells) -> Term:
    return cells.entity(SheetRow(row.file, row.sheet, row.number, {column: name}), column, "coder")


def _holder_missing(row: SheetRow, cells: Cells) -> list[Term]:
    if "actor" not in row:
        cells.findings.add(row, "actor", "is missing", "Name who holds the position.")
    return []


def _link(row: SheetRow, cells: Cells) -> list[Term]:
    try:
        return [link(row.get("locator_url"))] if "locator_url" in row else []
    except ValueError:
        cells.findings.add(row, "locator_url", "is not a web address", "Write it in full: https://…")
        return []
