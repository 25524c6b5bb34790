"""Options of the forms of comparisons: actors with their kinds, issues, propositions, kinds of source.

The same for every visit to a data set, so it is asked for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from graph_service.pages.things import RecordedThing
from graph_service.pages.visit import Visit

_FIELDS = ("actor", "actor_kind", "issue", "proposition", "source_kind")


@dataclass(frozen=True)
class Choices:
    """IRIs to choose from.

    Attributes:
        actors: who holds a position on a proposition, each with the IRIs of its kinds.
        others: IRIs by name of parameter: `issue`, `proposition`, `source_kind`, `actor_kind`.
    """

    actors: Mapping[str, list[str]] = field(default_factory=dict)
    others: Mapping[str, list[str]] = field(default_factory=dict)
    _options: dict[tuple[str, str], dict[str, Markup]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> set[str]:
        """The actors of a kind; all of them where none is named."""
        return {actor for actor, kinds in self.actors.items() if not kind or kind in kinds}

    def options(self, visit: Visit, name: str, chosen: Iterable[str]) -> Markup:
        """What a select field offers, by label, as HTML: written once, since a form has a few hundred.

        Args:
            visit: for the language.
            name: of the parameter.
            chosen: the values that were asked for, as IRIs, CURIEs or names below the base.
        """
        key = (visit.language, name)
        if key not in self._options:
            self._options[key] = self._written(visit, name)
        options = self._options[key]
        asked = [visit.show.names.expand(value) for value in chosen if value]
        if asked:
            # What is asked for may be none of those on offer: an actor without a position, say.
            options = options | {visit.show.short(iri): _option(visit, iri, Markup(" selected")) for iri in asked}
        return Markup("\n").join(options.values())

    def _written(self, visit: Visit, name: str) -> dict[str, Markup]:
        iris: Iterable[str] = self.actors if name == "actor" else self.others.get(name, ())
        return {visit.show.short(iri): _option(visit, iri) for iri in visit.by_name(iris)}


def _option(visit: Visit, iri: str, selected: str = "") -> Markup:
    label = visit.show.labels.text(iri, visit.language)
    return Markup('<option value="%s"%s>%s</option>') % (visit.show.short(iri), selected, label)


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
        asked = (visit.show.names.expand(value) for name in _FIELDS for value in visit.arguments.get(name, ()))
        await visit.label([*choices.actors, *(iri for iris in choices.others.values() for iri in iris), *asked])
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
