"""Parliamentary groups by their names in roll calls, and the days on which each name is valid.

A group can change its legal form within a term: a name without its period would give the votes of one group to another.
So a group is found by parliament, name and day (`mp:groupIn`, `mp:hasName`, `schema:validFrom`, `schema:validThrough`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph_service.building import sources
from graph_service.building.sources import SourceFile
from graph_service.rdf import terms
from graph_service.rdf.namespaces import PREFIXES, Names
from graph_service.rdf.terms import Term, iri

_SCHEMA = PREFIXES["schema"]
_HIDDEN_LABEL = f"<{PREFIXES['skos']}hiddenLabel>"


@dataclass(frozen=True)
class GroupName:
    """A name of a group.

    Attributes:
        group: the group.
        parliament: where it sits.
        name: as roll calls print it.
        first: the day, month or year from which the group bears it, as text; empty where unknown.
        last: the last one.
    """

    group: Term
    parliament: Term
    name: str
    first: str
    last: str

    def holds(self, day: datetime.date) -> bool:
        """Whether the group bears the name on a day; a year or month counts as a whole."""
        text = day.isoformat()
        return self.first <= text[: len(self.first)] and (not self.last or text[: len(self.last)] <= self.last)


@dataclass
class Groups:
    """All names of groups, and the names under which sheets list members without a group."""

    names: list[GroupName] = field(default_factory=list)
    unattached: set[str] = field(default_factory=set)

    def find(self, parliament: Term, name: str, day: datetime.date) -> Term | None:
        """The group of this name on a day, or nothing."""
        return next((one.group for one in self._named(parliament, name) if one.holds(day)), None)

    def periods(self, parliament: Term, name: str) -> list[str]:
        """When a group of this name sits in the parliament, for a message."""
        return [f"{one.first or '…'} to {one.last or '…'}" for one in self._named(parliament, name)]

    def on(self, parliament: Term, day: datetime.date) -> list[str]:
        """The names of the groups of a day."""
        return sorted({one.name for one in self.names if one.parliament == parliament and one.holds(day)})

    def is_unattached(self, name: str) -> bool:
        """Whether a row lists the members without a group."""
        return name.casefold() in self.unattached

    def _named(self, parliament: Term, name: str) -> Iterator[GroupName]:
        wanted = name.casefold()
        yield from (one for one in self.names if one.parliament == parliament and one.name.casefold() == wanted)


def read(files: Iterable[SourceFile], names: Names) -> Groups:
    """Read the groups of all parliaments from ontology and data.

    Raises:
        SourceError: a file cannot be read.
    """
    own = f"{names.base}ontology#"
    dated = [f"<{_SCHEMA}{name}>" for name in ("name", "validFrom", "validThrough")]
    wanted = (f"<{own}groupIn>", f"<{own}hasName>", _HIDDEN_LABEL, *dated)
    found: dict[str, dict[Term, list[Term]]] = {predicate: {} for predicate in wanted}
    for file in files:
        for quad in sources.read(file, names):
            if quad.predicate in found:
                found[quad.predicate].setdefault(quad.subject, []).append(quad.object)

    def text(node: Term, name: str) -> str:
        return next(map(terms.text, found[f"<{_SCHEMA}{name}>"].get(node, ())), "")

    groups = Groups()
    for group, parliaments in found[f"<{own}groupIn>"].items():
        for node in found[f"<{own}hasName>"].get(group, ()):
            for parliament in parliaments:
                period = text(node, "validFrom"), text(node, "validThrough")
                groups.names.append(GroupName(group, parliament, text(node, "name"), *period))
    labels = found[_HIDDEN_LABEL].get(iri(f"{own}UnattachedTotal"), ())
    groups.unattached = {terms.text(label).casefold() for label in labels}
    return groups
