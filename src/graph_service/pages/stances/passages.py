"""Passages on pages: their place in the document, and their order. Their text is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph_service.pages.shown import Show
from graph_service.pages.things import RecordedThing
from graph_service.pages.visit import Visit

_APART = re.compile("[^A-Za-z0-9_-]+")


async def passages(visit: Visit, **by: Iterable[str]) -> list[RecordedThing]:
    """Passages in the order of their document.

    Args:
        visit: asks.
        by: `item`, IRIs of the passages, or `document`, that of their document.

    Raises:
        QueryError: the store did not answer.
    """
    return in_order((await visit.things("passages", **by)).values())


def in_order(found: Iterable[RecordedThing]) -> list[RecordedThing]:
    """Passages by their first character; without character ranges by the numbers in the name of the place."""
    return sorted(found, key=_order)


def anchor(show: Show, passage: str) -> str:
    """What a passage is called within the page of its document, by letters and digits that need no encoding."""
    return _APART.sub("-", show.short(passage).removeprefix("id/"))


def place(show: Show, passage: RecordedThing) -> str:
    """The address of a passage on the page of its document, or of its own page where no document is known."""
    document = passage.one("document")
    return f"{show.href(document)}#{anchor(show, passage.iri)}" if document else show.href(passage.iri)


def places(show: Show, thing: RecordedThing) -> list[tuple[str, str]]:
    """The passages that a thing with fields `passage` and `document` stands in, each with its address as of `place`."""
    found = (RecordedThing(passage, {"document": thing.fields.get("document", [])}) for passage in thing.all("passage"))
    return [(passage.iri, place(show, passage)) for passage in found]


def _order(passage: RecordedThing) -> tuple[float, bool, list[int], str, str]:
    starts = [int(start) for start in passage.all("start") if start.isdecimal()]
    heading = passage.one("heading")
    numbers = [int(number) for number in re.findall(r"[0-9]+", f"{heading} {passage.one('number')}")]
    return (min(starts, default=float("inf")), not numbers, numbers, heading, passage.iri)
