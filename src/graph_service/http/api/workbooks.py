"""A workbook as an answer: its tables, and a sheet that says where they come from and what to be careful about."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from graph_service.http.web import LANGUAGES, addresses, words
from graph_service.http.web.call import Call
from graph_service.rdf.terms import iri
from graph_service.rdf.workbooks import Sheet, check_size, workbook
from graph_service.views.labels import pick

# Of a data set that was never registered, and of dates in a file that is to be the same each time.
_NO_TIME = "1980-01-01T00:00:00+00:00"


async def workbook_of(call: Call, sheets: Sequence[Sheet], following: str) -> bytes:
    """The sheets and one on their source, in the language of the call as far as there are words in it.

    Args:
        call: what is answered.
        sheets: named by the words of `download.…`.
        following: the address of the next page, below the host; empty if this is the last.

    Raises:
        LimitExceeded: a sheet is too large.
    """
    for sheet in sheets:
        check_size(len(sheet.columns), len(sheet.rows))
    spoken = words(call.language if call.language in LANGUAGES else "en")
    rows = [*_source(call, spoken)]
    if following:
        rows.append((spoken["download.next"], f"{call.request.site}{following}"))
    rows += [(spoken["list.caution"], text) for text in await _cautions(call, sheets)]
    about = Sheet(spoken["download.source"], (spoken["download.what"], spoken["download.value"]), rows, wraps=True)
    named = [dataclasses.replace(sheet, name=spoken[f"download.{sheet.name}"]) for sheet in sheets]
    written = datetime.datetime.fromisoformat(call.edition.since or _NO_TIME)
    link = partial(addresses.link, call.names, call.request.origin)
    return workbook([*named, about], link, call.edition.publisher, written)


def _source(call: Call, spoken: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    edition, request = call.edition, call.request
    # Set where editions are kept: the path below which the data set keeps answering.
    kept = request.scope.get("editions", "")
    path = call.address(format=call.format.name, lang=call.language).removeprefix(call.root)
    address = f"{request.site}{kept}{edition.digest}{path}" if kept else f"{request.origin}{path}"
    title = spoken["title"]
    yield spoken["download.source"], f"{edition.publisher}: {title}" if edition.publisher else title
    yield spoken["download.address"], address
    yield spoken["footer.digest"], f"{edition.digest} (SHA-256)"
    if edition.since:
        yield spoken["download.since"], edition.since
    if edition.licence:
        yield spoken["download.licence"], edition.licence
    for name in ("footer.caution", "download.silence", "download.dates"):
        yield spoken["list.caution"], spoken[name]


async def _cautions(call: Call, sheets: Sequence[Sheet]) -> list[str]:
    """The cautions on what the sheets name, each with its definition."""
    questions = call.edition.questions
    cells = {cell for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str)}
    named = {part for cell in cells if call.names.owns(cell) for part in cell.split(" | ")}
    found: dict[str, dict[str, str]] = {}
    for row in await questions.about("cautions", filter(_is_iri, named), call.client):
        texts = found.setdefault(row["caution"]["value"], {})
        if "definition" in row:
            texts[row["definition"].get("xml:lang", "")] = row["definition"]["value"]
    labels = await questions.label([], call.client, also=found)
    told = (
        (labels.text(caution, call.language), pick(texts, call.language)) for caution, texts in sorted(found.items())
    )
    return [f"{label}: {text.text}" if text else label for label, text in told]


def _is_iri(text: str) -> bool:
    """Whether a cell is an IRI, and no text that only begins like one."""
    try:
        return bool(iri(text))
    except ValueError:
        return False
