"""Things and their fields: what pages read from query files that answer with one value of one field in each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.tables import Binding, binding


@dataclass(frozen=True)
class Thing:
    """A thing with the values of its fields, each a binding as SPARQL 1.1 Query Results JSON has it."""

    iri: str
    fields: Mapping[str, list[Binding]] = field(default_factory=dict)

    def all(self, name: str) -> list[str]:
        """The values of a field, in the order of their text."""
        return sorted(one["value"] for one in self.fields.get(name, ()))

    def one(self, name: str) -> str:
        """The first value of a field, empty if it has none."""
        return next(iter(self.all(name)), "")

    def texts(self, name: str) -> list[Binding]:
        """The values of a field that has languages."""
        return self.fields.get(name, [])

    @property
    def iris(self) -> set[str]:
        """The thing and all IRIs among its values."""
        return {self.iri} | {v["value"] for values in self.fields.values() for v in values if v["type"] == "uri"}


def read(answer: bytes) -> dict[str, Thing]:
    """The things of an answer in SPARQL 1.1 Query Results TSV with the columns `item`, `field` and `value`.

    They come in the order of the answer; a value that comes twice counts once.
    """
    found: dict[str, dict[str, dict[str, None]]] = {}
    for line in answer.decode().split("\n")[1:]:
        if line:
            item, name, value = line.rstrip("\r").split("\t", 2)
            found.setdefault(item[1:-1], {}).setdefault(name.strip('"'), {})[value] = None
    return {
        item: Thing(item, {name: [binding(value) for value in values] for name, values in fields.items()})
        for item, fields in found.items()
    }


def iris_of(things: Sequence[Thing]) -> set[str]:
    """All IRIs that these name."""
    return set().union(*(thing.iris for thing in things)) if things else set()
