"""Items of a resource as JSON and as rows of a table, with the labels of the things they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graph_service.catalogue.resource_files import FieldKind, ResourceField
from graph_service.rdf import answers
from graph_service.rdf.answers import Binding, Value, binding, value
from graph_service.views.labels import Labels, pick
from graph_service.views.tables import Table

# By name of the field.
Fields: TypeAlias = Mapping[str, ResourceField]


@dataclass(frozen=True)
class Item:
    """One thing: its IRI, its sort key, and the bindings of its fields."""

    iri: str
    key: str
    values: Mapping[str, Sequence[Binding]]


def read(answer: bytes, *, descending: bool = False) -> list[Item]:
    """The things of an answer to `Resource.list_query` in TSV, in the order of the list.

    Each line names a thing, its key, and the value of one field: how many tabs stand before it tells which.
    """
    (_, _, *fields), lines = answers.lines(answer)
    found: dict[str, dict[str, dict[str, None]]] = {}
    keys: dict[str, str] = {}
    for line in lines:
        item, key, rest = line.split("\t", 2)
        values = found.get(item)
        if values is None:
            values = found[item] = {}
            keys[item] = key
        if term := rest.strip("\t"):
            values.setdefault(fields[len(rest) - len(rest.lstrip("\t"))], {})[term] = None
    known = {term: binding(term) for values in found.values() for terms in values.values() for term in terms}
    items = [
        Item(
            item[1:-1],
            binding(keys[item])["value"],
            {name: [known[term] for term in terms] for name, terms in values.items()},
        )
        for item, values in found.items()
    ]
    items.sort(key=lambda one: one.iri)
    items.sort(key=lambda one: one.key, reverse=descending)
    return items


def named(fields: Fields, items: Iterable[Item]) -> set[str]:
    """The things that are referred to by fields."""
    references = [name for name, about in fields.items() if about.type is FieldKind.IRI]
    bindings = (one for item in items for name in references for one in item.values.get(name, ()))
    return {one["value"] for one in bindings if one["type"] == "uri"}


def as_json(fields: Fields, item: Item, labels: Labels, language: str) -> dict[str, object]:
    """A thing as JSON: IRIs with labels, texts in one language, lists where there may be several values."""
    described: dict[str, object] = {"id": item.iri, "slug": item.iri.rpartition("/")[2]}
    others: dict[str, str] = {}
    for name, about in fields.items():
        bindings = _sorted(item.values.get(name, ()))
        if not bindings:
            described[name] = [] if about.many and about.type is not FieldKind.TEXT else None
            continue
        if about.type is FieldKind.TEXT:
            text = _in_language(bindings, language)
            described[name] = text and text[0]
            if text and text[1] != language:
                others[name] = text[1]
            continue
        tell = _referred if about.type is FieldKind.IRI else _plain
        values = [tell(binding, labels, language) for binding in bindings]
        described[name] = values if about.many else values[0]
    if others:
        described["other_languages"] = others
    return described


def table(fields: Fields, items: Iterable[Item], labels: Labels, language: str) -> Table:
    """Things as a table: several values of a field joined by ` | `, labels beside IRIs."""
    columns = ["id", "slug"]
    for name, about in fields.items():
        columns += [name, f"{name}_label"] if about.type is FieldKind.IRI else [name]
    days = frozenset(name for name, about in fields.items() if about.type is FieldKind.DATE)
    return Table(tuple(columns), [_row(fields, item, labels, language) for item in items], days)


def _row(fields: Fields, item: Item, labels: Labels, language: str) -> list[Value]:
    row: list[Value] = [item.iri, item.iri.rpartition("/")[2]]
    for name, about in fields.items():
        bindings = _sorted(item.values.get(name, ()))
        if about.type is FieldKind.TEXT:
            text = _in_language(bindings, language)
            row.append(text and text[0])
            continue
        row.append(_joined([value(binding) for binding in bindings]))
        if about.type is FieldKind.IRI:
            row.append(_joined([labels.text(binding["value"], language) for binding in bindings]))
    return row


def _sorted(bindings: Sequence[Binding]) -> Sequence[Binding]:
    return bindings if len(bindings) < 2 else sorted(bindings, key=lambda binding: binding["value"])


def _in_language(bindings: Sequence[Binding], language: str) -> tuple[str, str] | None:
    """One text by the fixed fallback."""
    return pick({binding.get("xml:lang", "").lower(): binding["value"] for binding in bindings}, language)


def _referred(binding: Binding, labels: Labels, language: str) -> object:
    """A thing that is referred to, with its label."""
    label = labels.text(binding["value"], language) if binding["type"] == "uri" else binding["value"]
    return {"id": binding["value"], "label": label}


def _plain(binding: Binding, _labels: Labels, _language: str) -> object:
    """The value alone, also of an address."""
    return value(binding)


def _joined(values: Sequence[Value]) -> Value:
    return values[0] if len(values) == 1 else (" | ".join(map(str, values)) or None)
