"""Wording: paraphrases are our own; none copies more than eight consecutive words of a source on disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from graph_service.building import evidence

MOST = 8
"""Words in a row that a paraphrase may share with a source."""

Run = tuple[str, ...]


def copies(paraphrases: Iterable[Mapping[str, str]], sources: Path) -> list[str]:
    """Name each paraphrase that copies too much.

    Args:
        paraphrases: `position` and `text`.
        sources: directory of source texts (`*.txt`, UTF-8).

    Returns:
        One sentence for each paraphrase and source, in the order of the paraphrases.
    """
    texts = {path.name: _runs_of(path) for path in sorted(sources.glob("*.txt"))}
    found = []
    for row in paraphrases:
        for name, taken in texts.items():
            run = next((run for run in _runs(_words(row["text"])) if run in taken), None)
            if run:
                copied = f"{row['position']}: copies more than {MOST} words of {name}: “{' '.join(run)} …”."
                found.append(f"{copied} Say it in own words.")
    return found


def _runs_of(path: Path) -> frozenset[Run]:
    return frozenset(_runs(_words(evidence.normalise(path.read_text(encoding="utf-8")))))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str]) -> Iterator[Run]:
    """All runs of one word more than is allowed."""
    length = MOST + 1
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))
