"""Labels of IRIs, in the requested language if there is one.

The fallback is fixed: wanted language or a variant of it (`de-AT` for `de`), then so English, German, no language, any
other by alphabet; then a named graph is called as its file, a node without a name by file and number, a term of RDF,
OWL, SKOS or DCMI by the words of `standard_terms.json`, anything else by its CURIE.
Labels are asked for once and kept in bounded number; which property a name comes from is the query file's business.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from graph_service.rdf.namespaces import PREFIXES, Names

# Labels that are kept; a page shows a few hundred.
MOST = 200_000
_MOST_DERIVED = 20_000
_ORDER = ("en", "de", "")
FALLBACK = _ORDER[0]
_UNNAMED = {"en": "unnamed node {} of {}", "de": "unbenannter Knoten {} aus {}"}


class Label(NamedTuple):
    """A name, and the language it is in; empty for a CURIE or a text without language."""

    text: str
    language: str


class Labels:
    """Labels by IRI, as far as they were asked for.

    Args:
        names: for CURIEs.
        most: how many IRIs are remembered; the oldest leave.
    """

    def __init__(self, names: Names, most: int = MOST) -> None:
        self._names = names
        self._most = most
        self._known: dict[str, Mapping[str, str]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._derived: dict[Hashable, dict[str, Any]] = {}

    def missing(self, iris: Iterable[str]) -> list[str]:
        """Those that nobody asked for yet, in a stable order."""
        return sorted(iri for iri in set(iris) if iri not in self._known)

    def nameless(self, iris: Iterable[str]) -> list[str]:
        """Those that were asked for and have no label."""
        return [iri for iri in iris if not self._known.get(iri, True)]

    def add(self, asked: Iterable[str], rows: Iterable[Mapping[str, Mapping[str, str]]]) -> None:
        """Remember what the query file `labels` answered.

        Args:
            asked: the IRIs that it was asked for; one without a row has no label.
            rows: with `item`, `label` and `rank`, bindings of SPARQL 1.1 Query Results JSON; the lowest rank wins.
        """
        self._texts.clear()
        self._derived.clear()
        best: dict[str, dict[str, tuple[int, str]]] = {iri: {} for iri in asked}
        for row in rows:
            texts = best.setdefault(row["item"]["value"], {})
            language = row["label"].get("xml:lang", "").lower()
            candidate = (int(row["rank"]["value"]), row["label"]["value"])
            texts[language] = min(candidate, texts.get(language, candidate))
        for iri, texts in best.items():
            if len(self._known) >= self._most:
                del self._known[next(iter(self._known))]
            self._known[iri] = {language: text for language, (_, text) in sorted(texts.items())}

    def derived(self, kind: Hashable) -> dict[str, Any]:
        """A cache, by IRI, for what a caller derives from labels in one way; emptied when labels are added."""
        cache = self._derived.setdefault(kind, {})
        if len(cache) > _MOST_DERIVED:
            cache.clear()
        return cache

    def label(self, iri: str, language: str) -> Label:
        """The label of an IRI, by the fixed fallback."""
        return pick(self._known.get(iri, {}), language) or self._made_up(iri, language)

    def _made_up(self, iri: str, language: str) -> Label:
        """What an IRI without a label is called."""
        if unnamed := self._names.skolemised(iri):
            spoken = pick(_UNNAMED, language) or Label("", "")
            file, number = unnamed
            return Label(spoken.text.format(number, file), spoken.language)
        if standard := pick(_standard_terms().get(iri, {}), language):
            return standard
        return Label(self._names.file(iri) or self._names.shorten(iri), "")

    def text(self, iri: str, language: str) -> str:
        """The label without its language."""
        text = self._texts.get((iri, language))
        if text is None:
            if len(self._texts) >= self._most:
                self._texts.clear()
            text = self._texts[iri, language] = self.label(iri, language).text
        return text


@cache
def _standard_terms() -> Mapping[str, Mapping[str, str]]:
    """What the terms are called that data of any publisher use, by IRI and language."""
    text = resources.files(__package__).joinpath("standard_terms.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for curie, texts in json.loads(text).items():
        prefix, _, local = curie.partition(":")
        found[f"{PREFIXES[prefix]}{local}"] = texts
    return found


def pick(texts: Mapping[str, str], language: str) -> Label | None:
    """One of several texts by language tag, by the fixed fallback; None of none."""
    for wanted in (language, language.partition("-")[0], *_ORDER):
        if wanted in texts:
            return Label(texts[wanted], wanted)
        # One of its variants, the first by alphabet: de-at for de.
        variants = [one for one in texts if wanted and one.startswith(f"{wanted}-")]
        if variants:
            return Label(texts[min(variants)], min(variants))
    first = min(texts, default=None)
    return None if first is None else Label(texts[first], first)
