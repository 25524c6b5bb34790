"""Reconciliation: which things of the data set a name may mean that was written elsewhere, and how sure that is.

The kinds of things are the resource files that say `reconciled`, and their fields are the properties. The index of
names is made once for a data set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from graph_service.catalogue.resources import Resource
from graph_service.errors import LimitExceeded
from graph_service.rdf.answers import Binding, Row
from graph_service.rdf.terms import iri
from graph_service.views import resource_items
from graph_service.views.labels import Labels
from graph_service.views.names.name_index import Name, NameIndex
from graph_service.views.names.name_words import words_of
from graph_service.views.questions import Questions
from graph_service.views.resource_items import Item

# Names that an index holds: about 6 s of work and 150 MB. The shipped graph has 1,000 of what is reconciled.
MOST_NAMES = 50_000
# Things whose names are asked for in one query.
_BATCH = 2000
# Scores go from 0 to 100. One this high, and so much higher than the next, is a match.
MATCH, MARGIN = 85.0, 4.0
# What is lower is not shown.
_LEAST = 30.0
# What a score loses if none of the given properties agrees.
_PROPERTIES = 0.3
# Things that a query without a name may mean, since the properties of all are looked at.
_MOST_WITHOUT_NAME = 2000
# Candidates of one query whose properties are looked at.
_MOST_COMPARED = 50

Properties = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NameQuery:
    """What somebody wrote.

    Attributes:
        text: the name; empty if only properties are given.
        kinds: names of resource files; empty for all that are reconciled.
        properties: values by field, of which one has to agree.
        limit: how many candidates.
    """

    text: str
    kinds: tuple[str, ...] = ()
    properties: Properties = field(default_factory=dict)
    limit: int = 10


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant; `features` says what the score is made of."""

    item: str
    score: float
    features: Mapping[str, float | bool]
    match: bool = False


@dataclass(frozen=True)
class _Known:
    """What is kept of a data set: its names, and what tells namesakes apart."""

    names: NameIndex
    things: Mapping[str, Item]


class Reconciler:
    """Reconciles names with the data set that the store has now.

    Attributes:
        kinds: the resource files of what is reconciled, by name.

    Args:
        questions: asks the store.
        resources: all resource files.
    """

    def __init__(self, questions: Questions, resources: Iterable[Resource]) -> None:
        self._questions = questions
        self.kinds = {one.name: one for one in resources if one.header.reconciled is not None}
        # None in the place of what is known says that there is too much.
        self._made: tuple[str, _Known | None] | None = None

    async def prepare(self) -> _Known | None:
        """Make the index if there is none for this data set; None where there are more names than it holds."""
        digest = self._questions.store.digest
        if self._made is None or self._made[0] != digest:
            self._made = digest, await self._known()
        return self._made[1]

    async def names(self) -> NameIndex:
        """The index of names.

        Raises:
            LimitExceeded: the data set has more names than it holds.
        """
        return (await self._prepared()).names

    async def candidates(self, queries: Sequence[NameQuery], client: str = "") -> list[list[Candidate]]:
        """The candidates of each query, best first; at most the first is a match.

        Raises:
            LimitExceeded: as of `names`, or a query without a name could mean too many things.
        """
        known = await self._prepared()
        found = [self._by_name(query, known.names) for query in queries]
        wanted: dict[str, set[str]] = {}
        for query, candidates in zip(queries, found, strict=True):
            if query.properties:
                for one in candidates:
                    wanted.setdefault(one.item, set()).update(query.properties)
        if wanted:
            values = await self.values(wanted, set().union(*wanted.values()), client)
            labels = await self.labels(values.values(), client)
            for place, query in enumerate(queries):
                if query.properties:
                    compared = [self._compared(one, query.properties, values[one.item], labels) for one in found[place]]
                    found[place] = sorted(compared, key=lambda one: (-one.score, one.item))
        return [_decided(candidates)[: query.limit] for query, candidates in zip(queries, found, strict=True)]

    async def beginning_with(self, text: str, kinds: Collection[str], start: int, number: int) -> list[str]:
        """Things that have a name which begins like this; if there are none, those whose names are like it."""
        names = await self.names()
        found = list(islice(names.beginning_with(text, kinds), start, start + number))
        if not found and not start:
            found = [one.item for one in names.find(text, kinds)[:number] if one.agreement * 100 >= _LEAST]
        return found

    async def values(self, items: Collection[str], fields: Collection[str], client: str = "") -> dict[str, Item]:
        """Some fields of things; a thing that is not there has none.

        Raises:
            QueryError: the store did not answer.
        """
        kinds = (await self.names()).kinds
        found = {item: Item(item, "", {}) for item in items}
        for name, resource in self.kinds.items():
            own = [iri(item) for item in items if name in kinds.get(item, ())]
            if own and not resource.header.fields.keys().isdisjoint(fields):
                answer = await self._questions.answer(resource.fields_query(fields, own), client)
                found.update((item.iri, item) for item in resource_items.read(answer))
        return found

    async def descriptions(self, items: Collection[str], language: str, client: str = "") -> dict[str, str]:
        """What tells namesakes apart, as a line of text: `welfare association · Land`."""
        known = await self._prepared()
        things = {item: known.things[item] for item in items if item in known.things}
        labels = await self.labels(things.values(), client)
        fields = {item: self.kinds[known.names.kinds[item][0]].header.reconciled or () for item in things}
        return {item: _described(thing, fields[item], labels, language) for item, thing in things.items()}

    async def labels(self, things: Iterable[Item], client: str = "") -> Labels:
        """Labels of all that the fields of these things refer to."""
        bindings = (one for thing in things for found in thing.values.values() for one in found)
        return await self._questions.label([], client, also={one["value"] for one in bindings if one["type"] == "uri"})

    async def _prepared(self) -> _Known:
        known = await self.prepare()
        if known is None:
            hint = "Search by /api/search, or narrow the lists of /api by their filters."
            raise LimitExceeded(f"The data set has more than {MOST_NAMES} names, too many to reconcile.", hint=hint)
        return known

    async def _known(self) -> _Known | None:
        things: dict[str, Item] = {}
        kinds: dict[str, tuple[str, ...]] = {}
        for name, resource in self.kinds.items():
            answer = await self._questions.answer(resource.fields_query(resource.header.reconciled or ()), "reconcile")
            for item in resource_items.read(answer):
                things[item.iri] = item
                kinds[item.iri] = (*kinds.get(item.iri, ()), name)
        names: list[Name] = []
        file, wanted = self._questions.file("names"), sorted(kinds)
        for start in range(0, len(wanted), _BATCH):
            bound = file.bind({"item": [iri(item) for item in wanted[start : start + _BATCH]]}, self._questions.names)
            names += map(_name, await self._questions.rows(bound, "reconcile"))
            if len(names) > MOST_NAMES:
                return None
        return _Known(NameIndex(names, kinds), things)

    def _by_name(self, query: NameQuery, names: NameIndex) -> list[Candidate]:
        if query.text:
            found = names.find(query.text, query.kinds)[:_MOST_COMPARED]
            scored = ((one.item, round(100 * one.agreement, 1)) for one in found)
            return [Candidate(item, score, {"name": score}) for item, score in scored if score >= _LEAST]
        if not query.properties:
            return []
        items = [item for item, own in names.kinds.items() if not query.kinds or not set(query.kinds).isdisjoint(own)]
        if len(items) > _MOST_WITHOUT_NAME:
            raise LimitExceeded(f"{len(items)} things may be meant.", hint="Give a name, or a type of fewer things.")
        return [Candidate(item, 100.0, {}) for item in items]

    def _compared(self, candidate: Candidate, properties: Properties, thing: Item, labels: Labels) -> Candidate:
        """With the score that is left when its properties are looked at."""
        agreed = {
            name: any(self._agrees(one, value, labels) for one in thing.values.get(name, ()) for value in values)
            for name, values in properties.items()
        }
        share = sum(agreed.values()) / len(agreed)
        # Without a name, properties are all that there is.
        left = 1 - _PROPERTIES * (1 - share) if candidate.features else share
        features = {**candidate.features, **{f"property_{name}": holds for name, holds in agreed.items()}}
        return replace(candidate, score=round(candidate.score * left, 1), features=features)

    def _agrees(self, binding: Binding, value: str, labels: Labels) -> bool:
        if binding["type"] != "uri":
            # A year agrees with a day in it.
            return binding["value"].startswith(value) or words_of(binding["value"]) == words_of(value)
        if binding["value"] == self._questions.names.expand(value):
            return True
        wanted = words_of(value)
        return any(words_of(labels.text(binding["value"], language)) == wanted for language in ("de", "en"))


def _name(row: Row) -> Name:
    """A name in a row of the query file `names`."""
    name = row["name"]
    return Name(row["item"]["value"], name["value"], name.get("xml:lang", ""), row["use"]["value"])


def _decided(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates worth showing; the first is marked if it is clearly meant and no property speaks against it."""
    shown = [one for one in candidates if one.score >= _LEAST]
    if shown and shown[0].score >= MATCH and False not in shown[0].features.values():
        second = shown[1].score if len(shown) > 1 else 0.0
        shown[0] = replace(shown[0], match=round(shown[0].score - second, 1) >= MARGIN)
    return shown


def _described(thing: Item, fields: Sequence[str], labels: Labels, language: str) -> str:
    bindings = (one for name in fields for one in thing.values.get(name, ()))
    texts = (labels.text(one["value"], language) if one["type"] == "uri" else one["value"] for one in bindings)
    return " · ".join(dict.fromkeys(texts))


def property_names(kinds: Iterable[Resource], language: str) -> dict[str, str]:
    """The fields of these kinds by name, with their titles; texts that only describe are among them."""
    found: dict[str, str] = {}
    for resource in kinds:
        for name, about in resource.header.fields.items():
            found.setdefault(name, about.title.get(language) or name)
    return found
