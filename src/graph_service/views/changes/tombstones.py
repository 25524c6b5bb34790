"""Tombstones: the notices that remain of withdrawn or corrected statements.

PROV-O, prov:invalidatedAtTime, says since when; SKOS, skos:changeNote, why; DCMI Metadata Terms, dcterms:isReplacedBy,
what has taken its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.rdf.answers import Row
from graph_service.rdf.namespaces import PREFIXES
from graph_service.views.labels import Label, pick

_DAY = f"{PREFIXES['prov']}invalidatedAtTime"
_REASON = f"{PREFIXES['skos']}changeNote"
_SUCCESSOR = f"{PREFIXES['dcterms']}isReplacedBy"


class Removal(NamedTuple):
    """A statement about the thing: property, value as text, language tag or nothing."""

    predicate: str
    value: str
    language: str = ""


@dataclass(frozen=True)
class Tombstone:
    """The notice of a thing that was withdrawn.

    Attributes:
        day: since when, such as 2026-11-25.
        reasons: why, by language tag.
        successors: IRIs of what has taken its place; with one it was corrected, without it withdrawn.
    """

    day: str
    reasons: Mapping[str, str]
    successors: tuple[str, ...]

    @property
    def how(self) -> str:
        """`corrected` or `withdrawn`."""
        return "corrected" if self.successors else "withdrawn"

    def reason(self, language: str) -> Label:
        """Why, in this language if there is one in it; empty if no reason is given."""
        return pick(self.reasons, language) or Label("", "")


def tombstone(removals: Iterable[Removal]) -> Tombstone | None:
    """The tombstone that statements about one thing give; None if it was not withdrawn."""
    values: dict[str, list[Removal]] = {}
    for one in sorted(removals):
        values.setdefault(one.predicate, []).append(one)
    if _DAY not in values:
        return None
    reasons = {one.language.lower(): one.value for one in values.get(_REASON, ())}
    return Tombstone(values[_DAY][0].value[:10], reasons, tuple(one.value for one in values.get(_SUCCESSOR, ())))


def by_item(rows: Iterable[Row]) -> dict[str, Tombstone]:
    """The tombstones among what the query file `withdrawn` answered, by IRI.

    Args:
        rows: with `item`, `predicate` and `object`, bindings of SPARQL 1.1 Query Results JSON.
    """
    removals: dict[str, list[Removal]] = {}
    for row in rows:
        about = Removal(row["predicate"]["value"], row["object"]["value"], row["object"].get("xml:lang", ""))
        removals.setdefault(row["item"]["value"], []).append(about)
    return {item: found for item, about in removals.items() if (found := tombstone(about))}
