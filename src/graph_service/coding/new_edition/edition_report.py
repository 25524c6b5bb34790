"""The comparison of two editions as text, as JSON and as a page of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from graph_service.coding.new_edition.coded_passages import ComparedPassage, EditionComparison, Fate
from graph_service.coding.new_edition.word_differences import Edit, plain
from graph_service.reading.passages import Ranges

_SHORT = 160
_ORDER = (Fate.CHANGED, Fate.AMBIGUOUS, Fate.GONE, Fate.MOVED)
_HEADINGS = {
    Fate.CHANGED: "Changed",
    Fate.AMBIGUOUS: "Ambiguous: which place is meant?",
    Fate.GONE: "Gone",
    Fate.MOVED: "Moved",
}
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "del{background:#fde0dc;color:#7a1507}ins{background:#dff2df;color:#0b5019}"
    "dt{margin-top:1rem;font-weight:600}dd{margin:0 0 0 1rem}"
)


def summary(found: EditionComparison) -> str:
    """What became of the passages, in one line."""
    counts = ", ".join(f"{fate} {len(found.of(fate))}" for fate in Fate)
    return f"{len(found.passages)} passages of {found.old.name} in {found.new.name}: {counts}"


def lines(found: EditionComparison) -> Iterator[str]:
    """The summary, and a line for each passage that does not stand as it was and each new sentence."""
    yield summary(found)
    for fate in _ORDER:
        for one in found.of(fate):
            yield f"{fate:9}  {one.position.id}, {_where(found, one)}: {_short(_outcome(found, one))}"
    for ranges in found.new_sentences:
        yield f"new        {_page(found, ranges)}: {_short(found.new.cut(ranges))}"


def as_json(found: EditionComparison) -> dict[str, Any]:
    """All that was found, with ranges over both texts."""
    return {
        "old": {"paper": found.old.name, "sha256": found.old.sha256},
        "new": {"paper": found.new.name, "sha256": found.new.sha256},
        "counts": {fate.value: len(found.of(fate)) for fate in Fate},
        "passages": [
            {
                "position": one.position.id,
                "fate": one.fate.value,
                "old_ranges": one.position.ranges,
                "new_ranges": one.ranges,
                "places": one.places,
                "similarity": round(one.similarity, 3),
                "differences": [{edit.operation: " ".join(edit.words)} for edit in one.differences],
            }
            for one in found.passages
        ],
        "new_sentences": [{"ranges": ranges, "text": found.new.cut(ranges)} for ranges in found.new_sentences],
    }


def as_html(found: EditionComparison) -> str:
    """A page that stands alone: the passages that do not stand as they were, then new sentences."""
    language = escape(found.new.language or "und")
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(found.new.name)}</title>',
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>',
        f"<main><h1>{escape(found.old.name)} → {escape(found.new.name)}</h1><p>{escape(summary(found))}</p>",
    ]
    for fate in _ORDER:
        if passages := found.of(fate):
            parts.append(f"<h2>{_HEADINGS[fate]}</h2><dl>")
            for one in passages:
                outcome = _marked(one.differences) if one.differences else escape(_outcome(found, one))
                where = escape(f"{one.position.id}, {_where(found, one)}")
                parts.append(f'<dt>{where}</dt><dd lang="{language}">{outcome}</dd>')
            parts.append("</dl>")
    if found.new_sentences:
        parts.append("<h2>New</h2><dl>")
        for ranges in found.new_sentences:
            text = escape(found.new.cut(ranges))
            parts.append(f'<dt>{_page(found, ranges)}</dt><dd lang="{language}">{text}</dd>')
        parts.append("</dl>")
    return "\n".join((*parts, "</main></html>\n"))


def _outcome(found: EditionComparison, one: ComparedPassage) -> str:
    return plain(one.differences) if one.differences else found.old.cut(one.position.ranges)


def _marked(edits: tuple[Edit, ...]) -> str:
    tags = {"equal": "{}", "delete": "<del>{}</del>", "insert": "<ins>{}</ins>"}
    return " ".join(tags[edit.operation].format(escape(" ".join(edit.words))) for edit in edits)


def _where(found: EditionComparison, one: ComparedPassage) -> str:
    """Where a passage is now, or may be, or was."""
    if one.ranges:
        return _page(found, one.ranges)
    if one.places:
        return "or ".join(f"{_page(found, place)} " for place in one.places).strip()
    page = found.old.page_of(one.position.ranges[0][0])
    return f"was on page {page}" if page else f"was at {one.position.ranges[0][0]}"


def _page(found: EditionComparison, ranges: Ranges) -> str:
    page = found.new.page_of(ranges[0][0])
    return f"page {page}" if page else f"at {ranges[0][0]}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHORT else f"{words[:_SHORT]}…"
