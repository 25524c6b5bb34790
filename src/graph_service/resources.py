"""Resources: a query file that says what a kind of thing is and what is told of it becomes a list and an item.

Such a file is one SELECT: a required pattern for what `?item` is, then one OPTIONAL for each field of its header. As it
stands it is a valid query. This module takes it apart by its tokens and puts queries together from its pieces: a page
is chosen by filters, sort key and cursor in an inner SELECT, and only the things of that page are described, each field
in a branch of its own, so that several values of one field never multiply those of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from graph_service.errors import Location, QueryFileError
from graph_service.labels import Labels, pick
from graph_service.lexer import Token, significant, tokens
from graph_service.parameters import Parameter, Type
from graph_service.queries import read_header
from graph_service.tables import Binding, Value, binding, value
from graph_service.terms import Term, iri, literal

_STATEMENTS = "GRAPH ?graph { ?item ?predicate ?object }"
_MOST_VALUES_OF_A_FACET = 500


class Kind(StrEnum):
    """What the values of a field are: `text` has language tags, of which one is shown."""

    TEXT = "text"
    STRING = "string"
    IRI = "iri"
    INTEGER = "integer"
    DATE = "date"


class ResourceField(BaseModel):
    """What is told of a thing.

    Attributes:
        type: what its values are.
        title: what it means, by language tag.
        many: whether a thing may have several, so that its value is a list.
        filter: whether lists can be narrowed by it; dates by a range, the field `date` by `since` and `until`.
        facet: whether lists can count its values.
        sort: whether lists can be sorted by it.
        example: a value to filter by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Kind
    title: dict[str, str]
    many: bool = False
    filter: bool = False
    facet: bool = False
    sort: bool = False
    example: str = ""


class ResourceHeader(BaseModel):
    """What a resource file says of itself.

    Attributes:
        title, description: by language tag.
        tags: what it is about.
        path: where the IRIs of its things begin, relative to the base.
        example: the short name of one of them.
        fields: by name of the variable.
        sort: the field that lists are sorted by if nobody says otherwise, with `-` in front the greatest first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: dict[str, str]
    description: dict[str, str]
    tags: tuple[str, ...] = ()
    path: str
    example: str
    sort: str
    fields: dict[str, ResourceField] = Field(default_factory=dict)


@dataclass(frozen=True)
class Page:
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


@dataclass(frozen=True)
class Item:
    """One thing: its IRI, its sort key, and the bindings of its fields."""

    iri: str
    key: str
    values: Mapping[str, Sequence[Binding]]


class Resource:
    """One kind of thing.

    Attributes:
        name: of the file and of the address.
        header: what the file says of itself.

    Raises:
        QueryFileError: a field has no OPTIONAL of its own, or there is no `?item`.
    """

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.name = path.stem
        self.header = read_header(path, text, ResourceHeader)
        self._prologue, self._required, blocks = _apart(text, path)
        self._blocks: dict[str, str] = {}
        for name in self.header.fields:
            found = [block for block, variables in blocks if name in variables]
            if len(found) != 1:
                raise QueryFileError(
                    f"the field {name} has {len(found)} OPTIONAL blocks.",
                    where=Location(path),
                    mend="Give each field one OPTIONAL { … } that binds its variable.",
                )
            self._blocks[name] = found[0]

    @property
    def filters(self) -> dict[str, Parameter]:
        """The parameters that narrow a list."""
        made: dict[str, Parameter] = {}
        for name, about in self.header.fields.items():
            if about.filter and about.type is Kind.DATE:
                for key, english, german in ((_since(name), "from", "ab"), (_until(name), "to", "bis")):
                    title = {"en": f"{about.title['en']}, {english}", "de": f"{about.title['de']}, {german}"}
                    made[key] = Parameter(type=Type.DATE, title=title, example=about.example)
            elif about.filter:
                kind = {Kind.IRI: Type.IRI, Kind.INTEGER: Type.INTEGER}.get(about.type, Type.STRING)
                made[name] = Parameter(type=kind, title=about.title, repeatable=True, example=about.example)
        return made

    def list_query(self, terms: Mapping[str, Sequence[Term]], page: Page, language: str) -> str:
        """The query for one page and one thing more, which tells whether there is another.

        Args:
            terms: of the filters that are given, and of `item` where only certain things may come.
            page: which part.
            language: of texts that are sorted by.
        """
        order = "DESC(?key)" if page.descending else "?key"
        chosen = (
            f"{{ SELECT ?item (MIN(?k) AS ?key) WHERE {{ {self._narrowed(terms)} {self._key(page.field, language)} }}"
            f" GROUP BY ?item {_after(page)} ORDER BY {order} ?item LIMIT {page.limit + 1} }}"
        )
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

    def read(self, answer: bytes, *, descending: bool = False) -> list[Item]:
        """The things of an answer to `list_query` in TSV, in the order of the list.

        Each line names a thing, its key, and the value of one field: how many tabs stand before it tells which.
        """
        head, *lines = answer.decode().split("\n")
        fields = [name[1:] for name in head.rstrip("\r").split("\t")[2:]]
        found: dict[str, dict[str, dict[str, None]]] = {}
        keys: dict[str, str] = {}
        for line in lines:
            if line:
                item, key, rest = line.rstrip("\r").split("\t", 2)
                values = found.get(item)
                if values is None:
                    values = found[item] = {}
                    keys[item] = key
                if term := rest.strip("\t"):
                    values.setdefault(fields[len(rest) - len(rest.lstrip("\t"))], {})[term] = None
        known = {term: binding(term) for values in found.values() for terms in values.values() for term in terms}
        made = [
            Item(
                item[1:-1],
                binding(keys[item])["value"],
                {name: [known[term] for term in terms] for name, terms in values.items()},
            )
            for item, values in found.items()
        ]
        made.sort(key=lambda one: one.iri)
        made.sort(key=lambda one: one.key, reverse=descending)
        return made

    def named(self, items: Iterable[Item]) -> set[str]:
        """The things that are referred to by fields."""
        references = [name for name, about in self.header.fields.items() if about.type is Kind.IRI]
        bindings = (one for item in items for name in references for one in item.values.get(name, ()))
        return {one["value"] for one in bindings if one["type"] == "uri"}

    def told(self, item: Item, labels: Labels, language: str) -> dict[str, object]:
        """A thing as JSON: IRIs with labels, texts in one language, lists where there may be several values."""
        told: dict[str, object] = {"id": item.iri, "slug": item.iri.rpartition("/")[2]}
        others: dict[str, str] = {}
        for name, about in self.header.fields.items():
            bindings = _sorted(item.values.get(name, ()))
            if about.type is Kind.TEXT:
                text = _in_language(bindings, language)
                told[name] = text and text[0]
                if text and text[1] != language:
                    others[name] = text[1]
                continue
            tell = _referred if about.type is Kind.IRI else _plain
            values = [tell(binding, labels, language) for binding in bindings]
            told[name] = values if about.many else (values[0] if values else None)
        if others:
            told["other_languages"] = others
        return told

    def cells(self, item: Item, labels: Labels, language: str) -> dict[str, Value]:
        """A thing as a row of plain values, several of them joined by ` | `; after IRIs their labels."""
        row: dict[str, Value] = {"id": item.iri, "slug": item.iri.rpartition("/")[2]}
        for name, about in self.header.fields.items():
            bindings = _sorted(item.values.get(name, ()))
            if about.type is Kind.TEXT:
                text = _in_language(bindings, language)
                row[name] = text and text[0]
                continue
            row[name] = _joined([value(binding) for binding in bindings])
            if about.type is Kind.IRI:
                row[f"{name}_label"] = _joined([labels.text(binding["value"], language) for binding in bindings])
        return row

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that `cells` fills."""
        fields = self.header.fields.items()
        return ("id", "slug", *(c for n, f in fields for c in ((n, f"{n}_label") if f.type is Kind.IRI else (n,))))

    @property
    def _variables(self) -> str:
        return " ".join(f"?{name}" for name in self._blocks)

    def _narrowed(self, terms: Mapping[str, Sequence[Term]]) -> str:
        """The required pattern with the blocks of the filters that are given."""
        parts = [_values("item", terms["item"])] if "item" in terms else []
        parts.append(self._required)
        for name, about in self.header.fields.items():
            if about.type is Kind.DATE:
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

    def _key(self, name: str, language: str) -> str:
        """What binds `?k`: the value as text, in the language of the list where the field has languages."""
        block = self._blocks[name]
        if self.header.fields[name].type is not Kind.TEXT:
            return f'OPTIONAL {{ {block} }} BIND(COALESCE(STR(?{name}), "") AS ?k)'
        wanted = f"FILTER(LANG(?{name}) = {literal(language)})"
        return f'OPTIONAL {{ {block} {wanted} }} BIND(COALESCE(LCASE(STR(?{name})), "") AS ?k)'


def _since(name: str) -> str:
    return "since" if name == "date" else f"{name}_since"


def _until(name: str) -> str:
    return "until" if name == "date" else f"{name}_until"


def _after(page: Page) -> str:
    """The condition that leaves out what earlier pages had."""
    if page.after is None:
        return ""
    key, last = literal(page.after[0]), literal(page.after[1])
    sign = "<" if page.descending else ">"
    return f"HAVING (MIN(?k) {sign} {key} || (MIN(?k) = {key} && STR(?item) > {last}))"


def _values(name: str, terms: Sequence[Term]) -> str:
    return f"VALUES ?{name} {{ {' '.join(terms)} }}"


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
    """The value alone, also of an address that is told as text."""
    return value(binding)


def _joined(values: Sequence[Value]) -> Value:
    return values[0] if len(values) == 1 else (" | ".join(map(str, values)) or None)


def _apart(text: str, path: Path) -> tuple[str, str, list[tuple[str, set[str]]]]:
    """Prologue, required pattern, and each top-level OPTIONAL with its variables.

    Raises:
        QueryFileError: it is no SELECT of an `?item`.
    """
    stream = list(significant(tokens(text)))
    select = next((token for token in stream if token.keyword == "SELECT"), None)
    opening = next((token for token in stream if token.text == "{"), None)
    if select is None or opening is None or not any(token.text == "?item" for token in stream):
        raise QueryFileError("a resource is a SELECT of ?item.", where=Location(path))
    required, blocks = [], []
    depth, start, block_start = 0, opening.end, 0
    last: Token = opening
    for token in stream[stream.index(opening) :]:
        if token.text == "{":
            depth += 1
            if depth == 2 and last.keyword == "OPTIONAL":
                required.append(text[start : last.start])
                block_start = token.end
        elif token.text == "}":
            depth -= 1
            if depth == 1 and block_start:
                inner = text[block_start : token.start].strip()
                blocks.append((inner, _names(inner)))
                start, block_start = token.end, 0
            elif depth == 0:
                required.append(text[start : token.start])
                break
        last = token
    prologue = "\n".join(line for line in text[: select.start].splitlines() if not line.startswith("#"))
    return f"{prologue.strip()}\n", " ".join("".join(required).split()), blocks


def _names(pattern: str) -> set[str]:
    """The variables of a pattern, without their sign."""
    return {token.text[1:] for token in significant(tokens(pattern)) if token.text[:1] in ("?", "$")}
