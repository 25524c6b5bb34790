"""What keeps a position of a draft from becoming one of the graph, and what it lacks besides.

The rules are those of the import (`importing.claims`); here they are asked while the coder is still at the passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from graph_service.coding.paper_draft import DraftPosition
from graph_service.importing import dates
from graph_service.reading import wording
from graph_service.reading.paper import Paper
from graph_service.reviewing import fields

_PARAPHRASES = ("paraphrase_de", "paraphrase_en")


@dataclass(frozen=True)
class Obstacle:
    """Why an import would refuse something: the key of a sentence, the column, and the value in question."""

    key: str
    column: str = ""
    value: str = ""


def of_position(
    position: DraftPosition, passage: str, known: Mapping[str, Set[str]], speaker: str
) -> Iterator[Obstacle]:
    """What keeps a position from being imported.

    Args:
        position: of a draft.
        passage: its words.
        known: the short names in each list.
        speaker: who holds positions that name no actor, empty if nobody does.
    """
    if not position.code("actor") and not speaker:
        yield Obstacle("no-actor", "actor")
    yield from _on_proposition(position)
    if not position.code("stance"):
        yield Obstacle("no-stance", "stance")
    if not (position.code("paraphrase_de") or position.code("paraphrase_en")):
        yield Obstacle("no-paraphrase", "paraphrase_de")
    found = wording.copied(map(position.code, _PARAPHRASES), passage)
    yield from (Obstacle("copied", column, words) for column, words in zip(_PARAPHRASES, found, strict=True) if words)
    for field in fields.position():
        for code in position.codes.get(field.name, ()) if field.list in known else ():
            if code not in known[field.list]:
                yield Obstacle("unknown", field.name, code)


def _on_proposition(position: DraftPosition) -> Iterator[Obstacle]:
    """Proposition and agreement belong together; a position without a proposition names an issue instead."""
    if position.code("proposition"):
        if not position.code("agreement"):
            yield Obstacle("no-agreement", "agreement")
    elif position.code("agreement"):
        yield Obstacle("agreement-alone", "proposition")
    elif not position.code("issue"):
        yield Obstacle("no-proposition", "proposition")


def missing(position: DraftPosition) -> list[str]:
    """Columns that may be filled in later and are empty: the paraphrase in the other language."""
    if not any(position.code(f"paraphrase_{tag}") for tag in ("de", "en")):
        return []
    return [f"paraphrase_{tag}" for tag in ("de", "en") if not position.code(f"paraphrase_{tag}")]


def of_document(facts: Mapping[str, str], paper: Paper) -> Iterator[Obstacle]:
    """What keeps the document from being imported; title and language may be those that the file says of itself."""
    known = {"title": paper.title, "language": paper.language, **facts}
    yield from (
        Obstacle("no-fact", column) for column in ("title", "date", "language", "source_kind") if not known.get(column)
    )
    if known.get("date") and not _is_date(known["date"]):
        yield Obstacle("no-date", "date")


def _is_date(text: str) -> bool:
    try:
        return dates.is_undated(text) or bool(dates.interval(text))
    except ValueError:
        return False
