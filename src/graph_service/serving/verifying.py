"""Certificates verified: the request is asked again of an edition, and the digests of the two answers are compared."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from graph_service.errors import QueryError, SourceError
from graph_service.http.api.canonical_json import document, entries
from graph_service.http.protocol.certificates import Certificate, CertifiedResult
from graph_service.http.web.media import CSV, JSON, ROWS
from graph_service.rdf import canonical
from graph_service.rdf.canonical import CanonicalAnswer
from graph_service.rdf.formats import GRAPHS, RESULTS, Format
from graph_service.serving.replaying import Replay
from graph_service.snapshots import sealed
from graph_service.version import __version__

_BY_SUFFIX = {f".{one.extension}": one for one in (*RESULTS, *GRAPHS, CSV, JSON)} | {".xml": RESULTS[1]}
_OPEN = (
    "SPARQL leaves open which rows LIMIT gives without ORDER BY, how rows follow that ORDER BY leaves equal, and what "
    "SAMPLE and GROUP_CONCAT take: there, two stores may differ."
)


class State(StrEnum):
    """What a verification comes to."""

    EQUAL = "equal"
    DIFFERENT = "different"
    GONE = "gone"


@dataclass(frozen=True)
class Verification:
    """What was found.

    Attributes:
        state: whether the answer is equal.
        notes: what was found, in sentences.
        only_saved, only_here: rows, triples or entries that only the saved answer has, or only the edition gives.
    """

    state: State
    notes: Sequence[str]
    only_saved: Sequence[str] = field(default=())
    only_here: Sequence[str] = field(default=())


def verify_certificate(content: Mapping[str, Any], replay: Replay, saved: Path | None = None) -> Verification:
    """Ask the request of a certificate again, and compare.

    Args:
        content: the certificate.
        replay: asks the snapshot. If it is of another edition, its answer is compared as well, but proves nothing.
        saved: file of the answer, whose rows are compared if it is given.

    Raises:
        SourceError: one of the files cannot be read.
        QueryError: the answer cannot be had in the format of the saved one.
    """
    certificate = Certificate.decode(content)
    edition, here = certificate.edition.digest, replay.snapshot.digest
    notes = [] if sealed.is_intact(content) else ["The certificate was changed: it is not what its own digest says."]
    rows = _Rows()
    try:
        differences = list(_differences(certificate.result, replay.result(certificate.request)))
    except QueryError as refusal:
        differences = [f"The same request is refused here: {refusal}"]
    else:
        differences += _reasons(certificate, replay) if differences else ()
        rows = _compared(saved, certificate, replay) if saved is not None else rows
    notes += [*differences, *rows.notes]
    state = State.DIFFERENT if notes else State.EQUAL
    if here != edition:
        state = State.GONE
        notes.insert(
            0, f"This is edition {here}, not {edition}; its answer is {'another' if differences else 'the same'}."
        )
    elif not notes:
        notes.append(f"Edition {edition} gives the same answer as on {certificate.time}.")
    return Verification(state, notes, rows.only_saved, rows.only_here)


def _differences(certified: CertifiedResult, found: CertifiedResult) -> Iterator[str]:
    """What the certificate says of the answer, and what the edition gives, in sentences."""
    before, now = certified.model_dump(), found.model_dump()
    names = {"kind": "the answer is a", "rows": "number of rows", "value": "value", "whole": "whole"}
    for name, shown in names.items():
        if before[name] != now[name]:
            yield f"The certificate says: {shown} {_shown(before[name])}; the edition gives {_shown(now[name])}."
    if certified.sha256 != found.sha256:
        yield f"The digest of the answer is {certified.sha256} in the certificate, {found.sha256} by the edition."
    elif certified.order != found.order:
        yield "The rows are the same, in another order."


def _shown(value: object) -> str:
    return "none" if value is None else str(value).lower()


def _reasons(certificate: Certificate, replay: Replay) -> Iterator[str]:
    """What else is different, or may be."""
    software = certificate.software
    if software.version != __version__:
        yield f"The certificate is by {software.name} {software.version}, this is {__version__}."
    if software.queries is not None and software.queries != replay.queries:
        yield "The query files are not those that the certificate was made with; --queries names a directory of them."
    if certificate.result.kind == "table":
        yield _OPEN


@dataclass(frozen=True)
class _Rows:
    """What comparing the rows of a saved answer gives."""

    notes: Sequence[str] = ()
    only_saved: Sequence[str] = ()
    only_here: Sequence[str] = ()


def _compared(saved: Path, certificate: Certificate, replay: Replay) -> _Rows:
    result = certificate.result
    is_ordered = result.order is not None or result.kind == "json"
    try:
        body = saved.read_bytes()
        format_ = _format(saved, body, result.kind)
        theirs = _read(body, format_, is_ordered=is_ordered)
    except (OSError, SyntaxError, ValueError, AttributeError) as error:
        raise SourceError(f"{saved} cannot be read as an answer: {error}.") from None
    ours = _read(replay.answer(certificate.request, format_), format_, is_ordered=is_ordered)
    before, now = Counter(theirs.lines), Counter(ours.lines)
    only_saved, only_here = list((before - now).elements()), list((now - before).elements())
    if only_saved or only_here:
        note = f"{saved.name} has {len(only_saved)} rows that the edition does not give, and lacks {len(only_here)}."
        return _Rows([note], only_saved, only_here)
    return _Rows([] if theirs.result == ours.result else [f"{saved.name} has the same rows in another order."])


def _format(saved: Path, body: bytes, kind: str) -> Format:
    """The format of a file, by its name; `.json` may be that of SPARQL or of the API."""
    found = _BY_SUFFIX.get(saved.suffix.lower())
    if found is None:
        known = ", ".join(sorted(_BY_SUFFIX))
        raise SourceError(f"{saved.name} does not tell its format.", hint=f"Let its name end in one of {known}.")
    if found is not JSON or kind == "json":
        return found
    return RESULTS[0] if "head" in json.loads(body) else ROWS


def _read(body: bytes, format_: Format, *, is_ordered: bool) -> CanonicalAnswer:
    if format_ is CSV:
        lines = ["\t".join(cells) for cells in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))]
        return CanonicalAnswer("csv", lines, canonical.digest(lines if is_ordered else sorted(lines)))
    if format_ in (JSON, ROWS):
        content = json.loads(body)
        return replace(document(content), lines=entries(content))
    return canonical.read(body, format_, is_ordered=is_ordered)
