"""Things and their fields, read from queries that return one value of one field in each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graph_service.rdf.answers import Binding, Row


@dataclass(frozen=True)
class RecordedThing:
    """A thing with the values of its fields, each a binding as SPARQL 1.1 Query Results JSON has it."""

    iri: str
    fields: Mapping[str, list[Binding]] = field(default_factory=dict)

    def all(self, name: str) -> list[str]:
        """The values of a field, in the order of their text."""
        # Most fields have one value, and a page asks for a thousand.
        values = self.fields.get(name)
        if not values:
            return []
        return [values[0]["value"]] if len(values) == 1 else sorted(one["value"] for one in values)

    def one(self, name: str) -> str:
        """The first value of a field, empty if it has none."""
        values = self.fields.get(name)
        if not values:
            return ""
        return values[0]["value"] if len(values) == 1 else min(one["value"] for one in values)

    def texts(self, name: str) -> list[Binding]:
        """The values of a field that has languages."""
        return self.fields.get(name, [])

    @cached_property
    def iris(self) -> set[str]:
        """The thing and all IRIs among its values."""
        return {self.iri} | {v["value"] for values in self.fields.values() for v in values if v["type"] == "uri"}


def read(rows: Iterable[Row]) -> dict[str, RecordedThing]:
    """The things of an answer with the columns `item`, `field` and `value`, as `answers.solutions` reads it.

    They come in the order of the answer; a value that comes twice counts once.
    """
    found: dict[str, dict[str, dict[int, Binding]]] = {}
    for row in rows:
        value = row["value"]
        # The same term is the same object.
        found.setdefault(row["item"]["value"], {}).setdefault(row["field"]["value"], {})[id(value)] = value
    return {
        item: RecordedThing(item, {name: [*values.values()] for name, values in fields.items()})
        for item, fields in found.items()
    }


def of_rows(rows: Iterable[Row]) -> dict[str, RecordedThing]:
    """The things of an answer with one row of each, by IRI: the column `item`, and a field in every other column."""
    return {
        row["item"]["value"]: RecordedThing(
            row["item"]["value"], {name: [value] for name, value in row.items() if name != "item"}
        )
        for row in rows
    }


def iris_of(things: Sequence[RecordedThing]) -> set[str]:
    """All IRIs that these name."""
    return set().union(*(thing.iris for thing in things)) if things else set()
