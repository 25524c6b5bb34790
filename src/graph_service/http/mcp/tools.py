"""The tools, nine for data in the shipped model: what each is for, which arguments it takes, and who answers it.

Most arguments are those of the operation of the API that is asked, so that their names, types, values and examples come
from the catalogue. `Example:` in a description is a call that works.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from graph_service.catalogue.parameters import did_you_mean
from graph_service.errors import ParameterError
from graph_service.http.mcp import model, neighbours, positions, tables, things
from graph_service.http.mcp.answers import Answer
from graph_service.http.mcp.inquiry import Inquiry
from graph_service.http.protocol import certificates
from graph_service.http.web import LANGUAGES
from graph_service.http.web.parameters import Texts, text
from graph_service.http.web.routes import StrictRoute

Schema = dict[str, Any]
# Of a parameter's schema what an assistant reads; the rest is for OpenAPI.
_KEPT = ("type", "enum", "items", "format", "default", "minimum", "maximum")
_STRING: Schema = {"type": "string"}
_LANGUAGE: Schema = {"type": "string", "pattern": f"^({'|'.join(LANGUAGES)})(-|$)", "default": "en"}
_WINDOW: Mapping[str, Schema] = {
    "limit": {"type": "integer", "default": tables.FEW, "maximum": tables.MOST},
    "offset": {"type": "integer", "default": 0, "description": "Rows to pass over"},
}
_ACTOR = {**_STRING, "description": "Short name or IRI, such as spd"}


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes:
        name: of the tool.
        purpose: what it is for, and when to take another.
        answer: answers a call.
        example: arguments of a call that works with the shipped data.
        path: of the operation of the API whose arguments it takes.
        takes: which of these; all but `left` if empty.
        left: which of these it does not take.
        own: arguments that the operation has not, or describes for other readers.
        required: names of arguments.
        neutral: what it is for where the data are in another model; `purpose` if empty.
        of_model: whether the data are in the shipped model, so that examples are some.
    """

    name: str
    purpose: str
    answer: Callable[[Inquiry, Texts], Awaitable[Answer]]
    example: Mapping[str, Any]
    path: str = ""
    takes: tuple[str, ...] = ()
    left: tuple[str, ...] = ("format", "lang")
    own: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    neutral: str = ""
    of_model: bool = True

    @property
    def description(self) -> str:
        """What an assistant reads of it."""
        example = f" Example: {json.dumps(self.example, ensure_ascii=False)}" if self.of_model else ""
        return f"{self.purpose}{example}"

    def schema(self, app: FastAPI) -> Schema:
        """The JSON schema of its arguments."""
        return {
            "type": "object",
            "properties": self._properties(app),
            **({"required": list(self.required)} if self.required else {}),
            "additionalProperties": False,
        }

    def _names(self, app: FastAPI) -> set[str]:
        taken = self.takes or {name for name in _arguments(app, self.path) if name not in self.left}
        return {*taken, *self.own, "lang"}

    def _properties(self, app: FastAPI) -> dict[str, Schema]:
        known = _arguments(app, self.path)
        taken = self.takes or [name for name in known if name not in self.left]
        shown = {name: _schema(known[name]) for name in taken}
        if not self.of_model:
            # Those of the catalogue are of the shipped data.
            shown = {
                name: {key: one for key, one in about.items() if key != "examples"} for name, about in shown.items()
            }
        return {**shown, **self.own, "lang": _LANGUAGE}

    def texts(self, app: FastAPI, given: Mapping[str, Any]) -> Texts:
        """The arguments of a call as the API takes them; an object's become `NAME.KEY`.

        Raises:
            ParameterError: one is missing, unknown, or no value.
        """
        known = self._names(app)
        found = Texts()
        for name, value in given.items():
            if name not in known:
                hint = f"{did_you_mean(name, known)} It takes {', '.join(sorted(known))}.".strip()
                raise ParameterError(f"{self.name} has no argument {name[:80]!r}.", hint=hint)
            if isinstance(value, Mapping) and name in self.own and self.own[name]["type"] == "object":
                found.update({f"{name}.{key}": values for key, one in value.items() if (values := _values(key, one))})
            elif values := _values(name, value):
                found[name] = values
        for name in self.required:
            if name not in found:
                hint = f"For example: {json.dumps(self.example, ensure_ascii=False)}" if self.of_model else ""
                raise ParameterError(f"{self.name} needs {name}.", hint=hint)
        return found


def _values(name: str, value: Any) -> list[str]:
    """One or several values as texts; nothing and an empty text are none."""
    listed = value if isinstance(value, list) else [value]
    if any(isinstance(one, list | Mapping) for one in listed):
        raise ParameterError(f"{name[:80]!r} is neither a value nor a list of values.")
    return [text(one) for one in listed if one not in (None, "")]


@cache
def _arguments(app: FastAPI, path: str) -> Mapping[str, FieldInfo]:
    """The parameters of an operation of the API, without the one that replaces its answer."""
    routes = (route for route in app.routes if isinstance(route, StrictRoute) and route.path == path)
    return {name: about for route in routes for name, about in route.takes.items() if name != certificates.PARAMETER}


def _schema(about: FieldInfo) -> Schema:
    """A parameter as an assistant sees it."""
    kind: Any = Annotated[(about.annotation, *about.metadata)] if about.metadata else about.annotation
    schema = TypeAdapter(kind).json_schema()
    # Whatever may be absent is simply not required.
    found: Schema = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
    kept = {name: found[name] for name in _KEPT if name in found}
    if "items" in kept:
        kept["items"] = {name: kept["items"][name] for name in _KEPT if name in kept["items"]}
    if about.examples:
        example = about.examples[0]
        kept["examples"] = [example[0] if isinstance(example, list) else example]
    described = {"description": about.description} if about.description else {}
    return {**kept, **described}


def _only(names: str) -> tuple[str, ...]:
    return tuple(names.split())


TOOLS: tuple[Tool, ...] = (
    Tool(
        "search",
        "Find actors, documents, issues, propositions, positions and votes by words, German or English. Take its ids "
        "for the other tools; names such as spd need no search.",
        things.search,
        {"q": "Asylberatung", "kind": "positions"},
        things.SEARCH,
        required=("q",),
        neutral="Find things by words of their names and descriptions. Take its ids for the other tools.",
    ),
    Tool(
        "describe",
        "Every statement about one thing (actor, document, position, proposition, passage, issue, term), stated and "
        "inferred told apart.",
        things.describe,
        {"id": "id/actor/paritaet-sachsen"},
        own={"id": {**_STRING, "description": "Id, CURIE or IRI"}},
        required=("id",),
        neutral="Every statement about one thing, stated and inferred told apart.",
    ),
    Tool(
        "positions",
        "Who says what, where, since when: positions by any filter, newest first, each with passage and digest. An "
        "empty answer is no neutrality: compare says what was searched.",
        positions.positions,
        {"holder": ["spd"], "proposition": ["border-controls"]},
        positions.POSITIONS,
        left=_only("format lang sort facets count"),
    ),
    Tool(
        "compare",
        "Two or more actors by their latest comparable positions: common, different, conditional, one-sided, "
        "uncovered; and which kind of silence there is.",
        positions.compare,
        {"actor": ["spd", "cducsu"], "issue": ["border"], "outcome": ["difference"]},
        positions.COMPARE,
        own={
            "outcome": {
                "type": "array",
                "items": {"type": "string", "enum": [str(outcome) for outcome in positions.OUTCOMES]},
                "description": "Only these",
            }
        },
        required=("actor",),
    ),
    Tool(
        "near",
        "Which actors are near one in the discourse network, and why; with other: all pairs of positions behind the "
        "tie of two.",
        neighbours.near,
        {"actor": "gruene", "measure": "congruence", "normalisation": "average"},
        neighbours.NETWORK,
        _only("measure normalisation issue actor_kind source_kind since until own all"),
        own={
            "actor": _ACTOR,
            "other": _ACTOR,
            "limit": {"type": "integer", "default": neighbours.FEW, "description": "How many actors, or pairs"},
        },
        required=("actor",),
    ),
    Tool(
        "run_query",
        "A curated query by name: votes against words, coalition agreements, changes between elections, "
        "coverage, memberships, and more. Without name: the list, narrowed by about.",
        tables.run_query,
        {"name": "where-two-actors-part", "arguments": {"actor": "spd", "other": "cducsu"}},
        own={
            "name": _STRING,
            "arguments": {"type": "object", "description": "Of the query, as the list has them"},
            "about": {**_STRING, "description": "Words of title and tags, for the list"},
            **_WINDOW,
        },
        neutral="A curated query by name. Without name: the list, narrowed by about.",
    ),
    Tool(
        "sparql",
        "A SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE; read-only, no SERVICE) where no other tool answers. "
        "Call model first for the terms; declare each PREFIX.",
        tables.sparql,
        {
            "query": "PREFIX mp: <https://w3id.org/migration-policy/ontology#> "
            "SELECT ?position ?holder WHERE { ?position a mp:Commitment ; mp:heldBy ?holder }"
        },
        own={
            "query": _STRING,
            "inferred": {"type": "boolean", "default": True, "description": "Let inferred statements take part"},
            **_WINDOW,
        },
        required=("query",),
    ),
    Tool(
        "explain",
        "Why a statement holds: the proof by rules of OWL 2 RL, down to stated triples with passage and digest.",
        things.explain,
        {"s": "id/actor/paritaet-sachsen", "p": "mp:memberOf", "o": "id/actor/liga-sachsen"},
        things.EXPLAIN,
        required=("s", "p", "o"),
        neutral="Why a statement holds: the proof by rules of OWL 2 RL, down to stated triples with their files.",
    ),
    Tool(
        "model",
        "What there is: classes, properties and lists of the data set, in short. Read it before sparql.",
        model.model,
        {},
    ),
)


@cache
def tools_for(app: FastAPI) -> Sequence[Tool]:
    """The tools that the operations of an API can answer: without those of the shipped model for data in another."""
    paths = {route.path for route in app.routes if isinstance(route, StrictRoute)}
    there = [tool for tool in TOOLS if not tool.path or tool.path in paths]
    if len(there) == len(TOOLS):
        return TOOLS
    return [replace(tool, purpose=tool.neutral or tool.purpose, of_model=False) for tool in there]


def tool_named(name: str, tools: Iterable[Tool] = TOOLS) -> Tool:
    """The tool of a name.

    Raises:
        ParameterError: there is none.
    """
    known = {tool.name: tool for tool in tools}
    if name not in known:
        hint = did_you_mean(name, known) or f"There are {', '.join(known)}."
        raise ParameterError(f"There is no tool named {name[:80]!r}.", hint=hint)
    return known[name]
