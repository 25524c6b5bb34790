"""Options of the forms of comparisons: actors with their kinds, issues, propositions, kinds of source.

The same for every visit to a data set, so it is asked for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_service.http.pages.things import RecordedThing
from graph_service.http.pages.visit import Visit
from graph_service.rdf.alphabet import sort_key


@dataclass(frozen=True)
class Choices:
    """IRIs to choose from.

    Attributes:
        actors: who holds a position on a proposition, each with the IRIs of its kinds.
        others: IRIs by name of parameter: `issue`, `proposition`, `source_kind`, `actor_kind`.
    """

    actors: Mapping[str, list[str]] = field(default_factory=dict)
    others: Mapping[str, list[str]] = field(default_factory=dict)
    _named: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> set[str]:
        """The actors of a kind; all of them where none is named."""
        return {actor for actor, kinds in self.actors.items() if not kind or kind in kinds}

    def options(self, visit: Visit, name: str) -> list[tuple[str, str, bool]]:
        """What a select field offers, by label: value, label, whether it is what was asked for."""
        chosen = {visit.show.short(visit.show.names.expand(value)) for value in visit.arguments.get(name, ())}
        key = (visit.language, name)
        if key not in self._named:
            iris: Iterable[str] = self.actors if name == "actor" else self.others.get(name, ())
            text, short = visit.show.labels.text, visit.show.short
            named = [(short(iri), text(iri, visit.language)) for iri in iris]
            self._named[key] = sorted(named, key=lambda one: sort_key(one[1]))
        return [(value, label, value in chosen) for value, label in self._named[key]]


class KnownNames:
    """The choices of one data set; kept in the memory of its edition."""

    def __init__(self) -> None:
        self._choices: Choices | None = None

    async def of(self, visit: Visit) -> Choices:
        """The choices, with labels ready.

        Raises:
            QueryError: the store did not answer.
        """
        if self._choices is None:
            self._choices = _read(await visit.things("choices"))
        choices = self._choices
        await visit.label([*choices.actors, *(iri for iris in choices.others.values() for iri in iris)])
        return choices


async def choices_of(visit: Visit) -> Choices:
    """The choices of the edition that is visited, with labels ready."""
    return await visit.edition.remembered("choices", KnownNames).of(visit)


def _read(things: Mapping[str, RecordedThing]) -> Choices:
    # An actor without a kind comes with itself in its place.
    actors = {
        iri: [kind for kind in one.all("actor") if kind != iri] for iri, one in things.items() if one.all("actor")
    }
    others: dict[str, list[str]] = {"actor_kind": sorted({kind for kinds in actors.values() for kind in kinds})}
    for name in ("issue", "proposition", "source_kind"):
        others[name] = [iri for iri, thing in things.items() if thing.all(name)]
    return Choices(actors, others)
