"""Annotations of INCEpTION, in: UIMA CAS JSON (Apache UIMA, JSON serialization of the CAS).

The file holds the text and spans over it in UTF-16 units. The features of a span are its codes: a feature that has the
name of a column of the coding sheet has codes of that column, any other a name that is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.exchange.code_units import Counting, Unit
from graph_service.coding.exchange.highlights import CodeReader, Highlight, Received, bounded
from graph_service.coding.exchange.source_text import SourceText
from graph_service.coding.paper_draft import CODES
from graph_service.errors import Location, SourceError

STRUCTURES = "%FEATURE_STRUCTURES"
# Sentences, tokens and what else the program itself lays over a text.
_OF_THE_PROGRAM = ("uima.", "de.tudarmstadt.ukp.")
_RESERVED = ("%", "@", "#", "^")


def read(content: Mapping[str, Any], path: Path, book: Codebook) -> Received:
    """The highlights of a document: every span of a layer of one's own.

    Raises:
        SourceError: it has no text, or more than one.
    """
    listed = content[STRUCTURES]
    structures = [s for s in (listed.values() if isinstance(listed, dict) else listed) if isinstance(s, dict)]
    texts = [s["sofaString"] for s in structures if isinstance(s.get("sofaString"), str)]
    if len(texts) != 1:
        raise SourceError(f"has {len(texts)} texts; one is needed.", where=Location(path), hint="Export one document.")
    source = SourceText(Counting(texts[0], Unit.UTF_16))
    spans = [s for s in structures if _is_span(s)]
    outside: list[str] = []
    return Received(bounded(_highlights(spans, source, book, outside), path), tuple(outside))


def _highlights(
    spans: list[dict[str, Any]], source: SourceText, book: Codebook, outside: list[str]
) -> Iterator[Highlight]:
    for number, span in enumerate(spans, 1):
        name = f"span {number}"
        place = source.place(span["begin"], span["end"])
        if place is None:
            outside.append(f"{name}: {span['begin']} to {span['end']} is no range of its text.")
            continue
        codes = CodeReader(book)
        for feature, value in span.items():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and feature not in ("begin", "end") and not feature.startswith(_RESERVED):
                    _add(codes, feature, text)
        found, unknown = codes.result()
        yield Highlight(name=name, places=(place,), codes=found, unknown=unknown)


def _add(codes: CodeReader, feature: str, text: str) -> None:
    text = text.rpartition("/")[2] if text.startswith(("http://", "https://")) else text
    if feature in CODES and feature not in LISTS:
        codes.add(feature, text)
    else:
        codes.add_tag(text, feature if feature in LISTS else "")


def _is_span(structure: Mapping[str, Any]) -> bool:
    kind, ends = structure.get("%TYPE"), (structure.get("begin", 0), structure.get("end"))
    return isinstance(kind, str) and not kind.startswith(_OF_THE_PROGRAM) and all(type(end) is int for end in ends)
