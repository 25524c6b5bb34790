"""How far violation queries reach, kept beside the snapshots: finding it takes as long as a third of a build."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graph_service.building.query_reach import Pattern, QueryReach, Reach
from graph_service.snapshots import sealed

NAME = ".violation-queries.json"


def reaches(texts: Iterable[str], root: Path) -> list[QueryReach]:
    """How far queries reach, as the file in a directory of snapshots says; of others found out, and written there.

    A file that is damaged, or of other software, counts for nothing.
    """
    software = Path(__file__).with_name("query_patterns.py").read_text(encoding="utf-8")
    keys = {text: hashlib.sha256(f"{software}\0{text}".encode()).hexdigest() for text in texts}
    known = _read(root / NAME)
    if not known.keys() >= set(keys.values()):
        # Imported on demand: rdflib's parser of SPARQL takes 0.1 s to load.
        from graph_service.building.query_patterns import reach_of

        known = {key: known[key] if key in known else reach_of(text) for text, key in keys.items()}
        _write(root / NAME, known)
    return [QueryReach(text, known[key]) for text, key in keys.items()]


def _read(path: Path) -> Mapping[str, Reach | None]:
    try:
        return {key: _reach(told) for key, told in sealed.read(path).items()}
    except (OSError, ValueError, TypeError):
        return {}


def _reach(told: Any) -> Reach | None:
    if told is None:
        return None
    place, patterns = told
    if type(place) is not int:
        raise TypeError("the place of a query is a number")
    return Reach(place, tuple(_pattern(*one) for one in patterns))


def _pattern(terms: list[str], given: list[str]) -> Pattern:
    subject, predicate, value = terms
    if not all(isinstance(one, str) for one in (subject, predicate, value, *given)):
        raise TypeError("terms and variables are texts")
    return Pattern((subject, predicate, value), frozenset(given))


def _write(path: Path, known: Mapping[str, Reach | None]) -> None:
    """Write the file at once; whoever cannot write it does without."""
    told = {
        key: reach and [reach.place, [[terms, sorted(given)] for terms, given in reach.patterns]]
        for key, reach in known.items()
    }
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory(prefix=".building-", dir=path.parent) as directory:
        draft = Path(directory, NAME)
        draft.write_text(sealed.sealed(told), encoding="utf-8")
        draft.replace(path)
