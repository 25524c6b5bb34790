"""Wording: no paraphrase copies more than eight consecutive words of a source text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from graph_service.reading.passages import source_text

MOST = 8
"""Words in a row that a paraphrase may share with a source."""

Run = tuple[str, ...]


def in_one_language(paraphrases: Iterable[Mapping[str, str]]) -> str:
    """How many paraphrases are there in one language only, and in which; empty if none is.

    Args:
        paraphrases: `position` and `language`.
    """
    counts = Counter(row["language"] for row in paraphrases)
    if not counts:
        return ""
    which = ", ".join(f"{count} in “{language}”" for language, count in sorted(counts.items()))
    return f"paraphrases in one language only: {which}"


def copies(paraphrases: Iterable[Mapping[str, str]], sources: Path) -> list[str]:
    """Name each paraphrase that copies too much.

    Args:
        paraphrases: `position` and `text`.
        sources: directory of source texts (`*.txt`, UTF-8), with those in directories below it.

    Returns:
        One sentence for each paraphrase and source, in the order of the paraphrases.
    """
    own = [(row["position"], list(_runs(_words(row["text"])))) for row in paraphrases]
    wanted = frozenset(run for _, runs in own for run in runs)
    # One text at a time, and of it only what a paraphrase says, too: millions of words stay out of memory.
    texts = {
        path.relative_to(sources).as_posix(): wanted.intersection(_runs_of(path))
        for path in sorted(sources.rglob("*.txt"))
    }
    found = []
    for position, runs in own:
        for name, taken in texts.items():
            run = next((run for run in runs if run in taken), None)
            if run:
                copied = f"{position}: copies more than {MOST} words of {name}: “{' '.join(run)} …”."
                found.append(f"{copied} Say it in own words.")
    return found


def copied(paraphrases: Iterable[str], text: str) -> list[str]:
    """For each paraphrase the first words that it copies from a text; empty where those are no more than `MOST`."""
    own = [list(_runs(_words(paraphrase))) for paraphrase in paraphrases]
    taken = frozenset(run for runs in own for run in runs).intersection(_runs(_words(text)))
    return [" ".join(next((run for run in runs if run in taken), ())) for runs in own]


def _runs_of(path: Path) -> Iterator[Run]:
    return _runs(_words(source_text(path)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str]) -> Iterator[Run]:
    """All runs of one word more than is allowed."""
    length = MOST + 1
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))
