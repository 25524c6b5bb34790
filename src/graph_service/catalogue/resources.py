"""Resources: the queries for lists and items, put together from the parts of a resource file.

A page is chosen by filters, sort key and cursor in an inner SELECT, and only the things of that page are described,
each field in a branch of its own, so that several values of one field never multiply those of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.queries import read_header
from graph_service.catalogue.resource_files import FieldKind, ResourceHeader, apart
from graph_service.errors import Location, QueryFileError
from graph_service.rdf.alphabet import sort_pattern
from graph_service.rdf.terms import Term, iri, literal

_STATEMENTS = "GRAPH ?graph { ?item ?predicate ?object }"
_MOST_VALUES_OF_A_FACET = 500
# Sorts behind all days.
_UNDATED = "9999-12-31"


@dataclass(frozen=True)
class ListPage:
    """Which part of a list: how many, in which order, after which key and IRI."""

    limit: int
    sort: str
    after: tuple[str, str] | None = None

    @property
    def field(self) -> str:
        """The field to sort by."""
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.sort.startswith("-")


class Resource:
    """One kind of thing.

    Attributes:
        name: of the file and of the address.
        header: what the file says of itself.

    Raises:
        QueryFileError: a field has no OPTIONAL of its own, there is no `?item`, or `reconciled` or `until` names no
            field.
    """

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8-sig")
        self.name = path.stem
        self.header = read_header(path, text, ResourceHeader)
        self._prologue, self._required, blocks = apart(text, path)
        self._blocks: dict[str, str] = {}
        for name in self.header.fields:
            found = [block for block, variables in blocks if name in variables]
            if len(found) != 1:
                raise QueryFileError(
                    f"the field {name} has {len(found)} OPTIONAL blocks.",
                    where=Location(path),
                    hint="Give each field one OPTIONAL { … } that binds its variable.",
                )
            self._blocks[name] = found[0]
        if unknown := set(self.header.reconciled or ()) - self.header.fields.keys():
            raise QueryFileError(f"reconciled names no field: {', '.join(sorted(unknown))}.", where=Location(path))
        if unknown := {about.until for about in self.header.fields.values()} - {"", *self.header.fields}:
            raise QueryFileError(f"until names no field: {', '.join(sorted(unknown))}.", where=Location(path))

    @cached_property
    def filters(self) -> dict[str, Parameter]:
        """The parameters that narrow a list."""
        filters: dict[str, Parameter] = {}
        for name, about in self.header.fields.items():
            if about.filter and about.type is FieldKind.DATE:
                for key, english, german in ((_since(name), "from", "ab"), (_until(name), "to", "bis")):
                    title = {"en": f"{about.title['en']}, {english}", "de": f"{about.title['de']}, {german}"}
                    filters[key] = Parameter(type=Type.DATE, title=title, example=about.example)
            elif about.filter:
                kind = {FieldKind.IRI: Type.IRI, FieldKind.INTEGER: Type.INTEGER}.get(about.type, Type.STRING)
                filters[name] = Parameter(
                    type=kind,
                    title=about.title,
                    repeatable=True,
                    example=about.example,
                    values=about.values,
                    of=about.of,
                )
        return filters

    def list_query(self, terms: Mapping[str, Sequence[Term]], page: ListPage, language: str) -> str:
        """The query for one page and one thing more, which tells whether there is another.

        Args:
            terms: of the filters that are given, and of `item` where only certain things may come.
            page: which part.
            language: of texts that are sorted by.
        """
        order = "DESC(?key)" if page.descending else "?key"
        keyed = (
            f"{{ SELECT ?item (MIN(?k) AS ?key) WHERE {{ {self._narrowed(terms)} {self._key(page, language)} }}"
            " GROUP BY ?item }"
        )
        rest = f"{keyed} {_after(page)}"
        chosen = f"{{ SELECT ?item ?key WHERE {{ {rest} }} ORDER BY {order} ?item LIMIT {page.limit + 1} }}"
        branches = " UNION ".join(f"{{ {block} }}" for block in self._blocks.values())
        return f"{self._prologue}SELECT ?item ?key {self._variables} WHERE {{ {chosen} OPTIONAL {{ {branches} }} }}"

    def item_query(self, item: str) -> str:
        """The query for one thing: its fields, and every statement about it with its graph."""
        # In each branch, since not every engine carries a value from outside into a union.
        this = f"VALUES ?item {{ {iri(item)} }}"
        there = f"{self._required} BIND(true AS ?there)"
        body = " UNION ".join(f"{{ {this} {block} }}" for block in (there, *self._blocks.values(), _STATEMENTS))
        head = f"SELECT DISTINCT ?item ?there {self._variables} ?predicate ?object ?graph"
        return f"{self._prologue}{head} WHERE {{ {body} }}"

    def names_query(self, most: int) -> str:
        """The query for the things themselves, at most so many."""
        return f"{self._prologue}SELECT DISTINCT ?item WHERE {{ {self._required} }} ORDER BY ?item LIMIT {most}"

    def fields_query(self, names: Iterable[str], items: Sequence[Term] = ()) -> str:
        """The query for some fields of certain things, or of all; it answers as `list_query` does, without keys."""
        # In each branch, as in `item_query`.
        this = f"{_values('item', items) if items else ''} {self._required}"
        blocks = {name: block for name, block in self._blocks.items() if name in set(names)}
        branches = " UNION ".join(f"{{ {this} {block} }}" for block in ("", *blocks.values()))
        head = f"SELECT ?item ?key {' '.join(f'?{name}' for name in blocks)}"
        return f'{self._prologue}{head} WHERE {{ {branches} BIND("" AS ?key) }}'

    def facet_query(self, name: str, terms: Mapping[str, Sequence[Term]]) -> str:
        """The query that counts things by value of a field, under all filters but the field's own."""
        others = {key: found for key, found in terms.items() if key != name}
        return (
            f"{self._prologue}SELECT ?{name} (COUNT(DISTINCT ?item) AS ?count) WHERE {{ {self._narrowed(others)} "
            f"{self._blocks[name]} }} GROUP BY ?{name} ORDER BY DESC(?count) ?{name} LIMIT {_MOST_VALUES_OF_A_FACET}"
        )

    def count_query(self, terms: Mapping[str, Sequence[Term]]) -> str:
        """The query that counts the things of the whole list."""
        return f"{self._prologue}SELECT (COUNT(DISTINCT ?item) AS ?count) WHERE {{ {self._narrowed(terms)} }}"

    @property
    def _variables(self) -> str:
        return " ".join(f"?{name}" for name in self._blocks)

    def _narrowed(self, terms: Mapping[str, Sequence[Term]]) -> str:
        """The required pattern with the blocks of the filters that are given."""
        parts = [_values("item", terms["item"])] if "item" in terms else []
        parts.append(self._required)
        for name, about in self.header.fields.items():
            if about.type is FieldKind.DATE:
                # A filter of its own for each field, so that the values of two filters need not be of one thing.
                bounds = ((_since(name), ">="), (_until(name), "<="))
                tests = [f"?{name} {sign} {terms[key][0]}" for key, sign in bounds if terms.get(key)]
                if tests:
                    parts.append(f"FILTER EXISTS {{ {self._blocks[name]} FILTER({' && '.join(tests)}) }}")
            elif terms.get(name):
                # The values come behind: a block that binds its field by BIND lets nothing else do so before.
                wanted = f"{self._blocks[name]} {_values(name, terms[name])}"
                parts.append(f"{{ SELECT DISTINCT ?item WHERE {{ {wanted} }} }}")
        return " ".join(parts)

    def _key(self, page: ListPage, language: str) -> str:
        """What binds `?k`: the value as text, in the language of the list where the field has languages.

        What is undated comes last in both orders, and what has only a year last in that year.
        """
        name = page.field
        block, kind = self._blocks[name], self.header.fields[name].type
        if until := self.header.fields[name].until:
            none, behind = ("", "00") if page.descending else (_UNDATED, "99")
            year = f"SUBSTR(STR(?{name}), 1, 4)"
            is_year = f'STRENDS(STR(?{name}), "-01-01") && STR(?{until}) = CONCAT({year}, "-12-31")'
            key = f'IF({is_year}, CONCAT({year}, "-{behind}"), STR(?{name}))'
            key = f'COALESCE({key}, STR(?{name}), "{none}")'
            return f"OPTIONAL {{ {block} }} OPTIONAL {{ {self._blocks[until]} }} BIND({key} AS ?k)"
        if kind is not FieldKind.TEXT:
            none = _UNDATED if kind is FieldKind.DATE and not page.descending else ""
            return f'OPTIONAL {{ {block} }} BIND(COALESCE(STR(?{name}), "{none}") AS ?k)'
        wanted = f"FILTER(LANG(?{name}) = {literal(language)})"
        folded = sort_pattern(f"STR(?{name})", "folded")
        return f'OPTIONAL {{ {block} {wanted} }} {folded} BIND(COALESCE(?folded, "") AS ?k)'


def _since(name: str) -> str:
    return "since" if name == "date" else f"{name}_since"


def _until(name: str) -> str:
    return "until" if name == "date" else f"{name}_until"


def _after(page: ListPage) -> str:
    """The condition that leaves out what earlier pages had: no HAVING, in which Virtuoso may not come to an end."""
    if page.after is None:
        return ""
    key, last = literal(page.after[0]), literal(page.after[1])
    sign = "<" if page.descending else ">"
    return f"FILTER(?key {sign} {key} || (?key = {key} && STR(?item) > {last}))"


def _values(name: str, terms: Sequence[Term]) -> str:
    return f"VALUES ?{name} {{ {' '.join(terms)} }}"
