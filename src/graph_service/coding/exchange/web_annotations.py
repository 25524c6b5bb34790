"""Web Annotation (W3C Recommendation, 23 February 2017) out and in, and the exports of Hypothesis and INCEpTION in.

A position is an annotation whose targets are its ranges, each by a TextPositionSelector (section 4.2.4, code points)
and a TextQuoteSelector (4.2.3). Its codes are bodies that classify; texts are textual bodies. The label of a body is
`column: value`, so that it comes back into its column.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.exchange import guids, uima_json
from graph_service.coding.exchange.anchoring import quoted
from graph_service.coding.exchange.highlights import (
    CodeReader,
    Highlight,
    QuotedPlace,
    Received,
    bounded,
)
from graph_service.coding.paper_draft import CODES, DraftPosition, PaperDraft, Status
from graph_service.errors import Location, SourceError
from graph_service.reading.paper import Paper
from graph_service.version import __version__

ORIGIN = "web-annotation"
_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_LABEL = "rdfs:label"
_CONTAINERS = ("items", "first", "annotations", "rows", "@graph")
_LARGEST_FILE = 32 << 20
_ANSWERED = frozenset(CODES)


def write(paper: Paper, drafts: Iterable[PaperDraft], book: Codebook, base: str) -> bytes:
    """An annotation page with the positions of drafts, the same bytes for the same drafts."""
    items = [_annotation(paper, draft, position, book, base) for draft in drafts for position in draft.positions]
    page = {
        "@context": _CONTEXT,
        "id": f"urn:uuid:{guids.of('page', paper.name)}",
        "type": "AnnotationPage",
        "generator": {"type": "Software", "name": f"graph-service {__version__}"},
        "items": items,
    }
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def read(path: Path, paper: Paper, drafts: Iterable[PaperDraft], book: Codebook) -> Received:
    """The highlights of a file: annotations, alone or in a list, page or collection; or an export of another program.

    Positions in other texts than the paper's mean nothing here; the quotations are looked for.

    Raises:
        SourceError: the file is not JSON, has no annotations, or is too large.
    """
    known = guids.positions(drafts)
    try:
        with path.open("rb") as file:
            written = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror}).", where=Location(path)) from None
    if len(written) > _LARGEST_FILE:
        hint = "Export one paper alone."
        raise SourceError(f"has more than {_LARGEST_FILE >> 20} MiB.", where=Location(path), hint=hint)
    try:
        content = json.loads(written.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SourceError(f"is not JSON: {what}.", where=Location(path)) from None
    if isinstance(content, dict) and isinstance(content.get(uima_json.STRUCTURES), (list, dict)):
        return uima_json.read(content, path, book)
    annotations = list(_annotations(content))
    if not annotations:
        hint = "Give an annotation page of the W3C's Web Annotation or a JSON export of Hypothesis or INCEpTION."
        raise SourceError("holds no annotations.", where=Location(path), hint=hint)
    numbered = enumerate(annotations, 1)
    return Received(bounded((_highlight(annotation, number, known, book) for number, annotation in numbered), path))


def _annotation(paper: Paper, draft: PaperDraft, position: DraftPosition, book: Codebook, base: str) -> dict[str, Any]:
    source = f"{base}id/document/{paper.name}"
    bodies = [_body(column, value, book) for column in CODES for value in position.codes.get(column, ()) if value]
    assessed = {"status": position.status.value, "reason": position.reason, "origin": position.origin}
    bodies += [_text(name, value, "assessing") for name, value in assessed.items() if value]
    return {
        "id": f"urn:uuid:{guids.of_position(draft, position)}",
        "type": "Annotation",
        "motivation": "classifying",
        "creator": {"id": f"{base}id/coder/{draft.coder}", "name": draft.coder},
        "body": bodies,
        "target": [{"source": source, "selector": _selectors(paper, start, end)} for start, end in position.ranges],
    }


def _selectors(paper: Paper, start: int, end: int) -> list[dict[str, Any]]:
    place = quoted(paper.text, start, end)
    quote = {"type": "TextQuoteSelector", "exact": place.quotation, "prefix": place.prefix, "suffix": place.suffix}
    return [{"type": "TextPositionSelector", "start": start, "end": end}, quote]


def _body(column: str, value: str, book: Codebook) -> dict[str, Any]:
    code = book.code(column, value)
    if code and code.iri:
        return {"type": "SpecificResource", "source": code.iri, "purpose": "classifying", _LABEL: f"{column}: {value}"}
    return _text(column, value, "classifying" if column in LISTS else "describing")


def _text(column: str, value: str, purpose: str) -> dict[str, Any]:
    body = {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose, _LABEL: column}
    language = column.rpartition("_")[2]
    return body | ({"language": language} if language in ("de", "en") else {})


def _annotations(content: Any, depth: int = 10) -> Iterator[Mapping[str, Any]]:
    """The annotations of a document: a page's `items`, a collection's `first`, Hypothesis' `annotations` or `rows`."""
    if isinstance(content, dict) and "target" in content:
        yield content
    elif depth:
        parts = content if isinstance(content, list) else []
        if isinstance(content, dict):
            parts = [content[name] for name in _CONTAINERS if name in content]
        for part in parts:
            yield from _annotations(part, depth - 1)


def _highlight(annotation: Mapping[str, Any], number: int, known: Mapping[str, str], book: Codebook) -> Highlight:
    name = _string(annotation.get("id"))
    position = known.get(guids.normal(name), "")
    codes, status, reason = CodeReader(book), "", ""
    for body in _listed(annotation.get("body")):
        column, value = _coded(body)
        if column == "status":
            status = value
        elif column == "reason":
            reason = value
        elif column in CODES and column not in LISTS:
            codes.add(column, value)
        elif column != "origin":
            codes.add_tag(value, column)
    for tag in _listed(annotation.get("tags")):  # Hypothesis
        codes.add_tag(_string(tag))
    if comment := _string(annotation.get("text")):
        codes.add("note", comment)
    found, unknown = codes.result()
    return Highlight(
        name=f"annotation {number}",
        places=tuple(_place(target) for target in _listed(annotation.get("target"))),
        codes=found,
        unknown=unknown,
        user=_user(annotation),
        position=position,
        answers=_ANSWERED if position else frozenset(),
        rejected=(reason or "rejected in another program") if status == Status.REJECTED else "",
    )


def _coded(body: Any) -> tuple[str, str]:
    """Column and value of a body; no column if it does not say."""
    if not isinstance(body, dict):
        return "", _string(body).rpartition("/")[2]
    label = _string(body.get(_LABEL) or body.get("label"))
    column, _, value = label.partition(": ")
    if "value" in body:
        value = _string(body["value"])
        commenting = "commenting" in _listed(body.get("purpose") or "commenting")
        return (column, value) if column else ("note" if commenting else "", value)
    source = _string(body.get("source") or body.get("id")).rpartition("/")[2]
    return (column, value or source) if column in CODES else ("", source)


def _place(target: Any) -> QuotedPlace:
    quotation, prefix, suffix, position = "", "", "", None
    for selector in _selected(target.get("selector") if isinstance(target, dict) else None):
        match selector.get("type"):
            case "TextQuoteSelector":
                quotation, prefix, suffix = (_string(selector.get(name)) for name in ("exact", "prefix", "suffix"))
            case "TextPositionSelector" if isinstance(selector.get("start"), int):
                position = selector["start"]
    return QuotedPlace(quotation, position, prefix, suffix)


def _selected(value: Any, depth: int = 5) -> Iterator[Mapping[str, Any]]:
    """Selectors, and those that refine them (section 4.2.9)."""
    for selector in _listed(value):
        if isinstance(selector, dict):
            yield selector
            if depth and "refinedBy" in selector:
                yield from _selected(selector["refinedBy"], depth - 1)


def _user(annotation: Mapping[str, Any]) -> str:
    creator = annotation.get("creator", annotation.get("user"))
    creator = creator[0] if isinstance(creator, list) and creator else creator
    if isinstance(creator, dict):
        return _string(creator.get("name") or creator.get("nickname") or creator.get("id"))
    return _string(creator)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
