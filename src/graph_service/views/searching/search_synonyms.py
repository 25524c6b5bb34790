"""Words that stand for each other, as the labels of one concept do: `Staatsbürgerschaft` and `Staatsangehörigkeit`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import tantivy

from graph_service.views.searching.german_words import folded, spelled

_SINGLE = re.compile(r"[^\W_]{4,}")
_LONGEST = 80


def synonyms(
    names: Iterable[tuple[str, str, str]], analyzers: Mapping[str, tantivy.TextAnalyzer]
) -> Mapping[tuple[str, ...], Sequence[str]]:
    """The other words for a word, by the parts that its language has of it.

    Args:
        names: concept, label and language of each; labels of one word count.
        analyzers: by language.
    """
    groups: dict[tuple[str, str], set[str]] = {}
    for item, label, language in names:
        word = folded(spelled(label))
        if language in analyzers and len(word) <= _LONGEST and _SINGLE.fullmatch(word):
            groups.setdefault((item, language), set()).add(word)
    found: dict[tuple[str, ...], set[str]] = {}
    for (_, language), words in groups.items():
        for word in words:
            found.setdefault(tuple(analyzers[language].analyze(word)), set()).update(words - {word})
    return {parts: sorted(others) for parts, others in found.items() if others}
