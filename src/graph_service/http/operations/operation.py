"""Operations: what the API can be asked, told once for dispatcher, OpenAPI document and documentation page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlencode

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.errors import ParameterError
from graph_service.http.protocol.answers import AnswerPlan
from graph_service.http.protocol.negotiation import Encoding
from graph_service.http.protocol.problems import Fields
from graph_service.http.protocol.request import Request
from graph_service.rdf.formats import Format
from graph_service.rdf.namespaces import Names

Arguments: TypeAlias = dict[str, list[str]]

LANG = Parameter(
    type=Type.LANGUAGE,
    example="de",
    title={
        "en": "Language of labels and texts; else by Accept-Language, else German",
        "de": "Sprache der Bezeichnungen und Texte; sonst nach Accept-Language, sonst Deutsch",
    },
)


@dataclass(frozen=True)
class RenderedAnswer:
    """An answer that was made here: its bytes, and fields that only its making could tell."""

    body: bytes
    fields: Fields = ()


@dataclass(frozen=True)
class DeferredAnswer:
    """An answer that has yet to be made; its address, arguments, format and language say everything it depends on."""

    make: Callable[[], Awaitable[RenderedAnswer]]
    fields: Fields = ()


@dataclass(frozen=True)
class Call:
    """One request for an operation, understood.

    Attributes:
        operation: what is asked for.
        request: as it came.
        path: parts of the address by name.
        arguments: parameters without `format` and, unless the operation has its own, `lang`; defaults filled in.
        format, encoding, language: what was negotiated.
    """

    operation: Operation
    request: Request
    path: Mapping[str, str]
    arguments: Arguments
    format: Format
    encoding: Encoding
    language: str

    def one(self, name: str) -> str:
        """The value of a parameter that comes at most once; empty if it was not given."""
        values = self.arguments.get(name)
        return values[0] if values else ""

    def flag(self, name: str) -> bool:
        """Whether a boolean parameter is true."""
        return self.one(name) == "true"

    @property
    def address(self) -> str:
        """The path that was asked for, below the root of the service, for links."""
        return str(self.request.scope["path"])


Answer: TypeAlias = Callable[[Call], AnswerPlan | DeferredAnswer]


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        path: its address; `{name}` stands for one part of the path, as the last one for all that is left.
        name: unique among all, for clients that are generated.
        title, description: by language tag.
        tag: heading under which it stands.
        params: what it takes besides `format` and `lang`.
        formats: what it answers in, preferred one first.
        answer: decides how to answer; runs nothing itself.
        schemas: JSON Schema of the answer by media type.
        path_params: title and example of each part of the path.
        statuses: problems that only some operations have, as status to sentence.
    """

    path: str
    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    tag: str
    formats: tuple[Format, ...]
    answer: Answer
    params: Mapping[str, Parameter] = field(default_factory=dict)
    schemas: Mapping[str, Any] = field(default_factory=dict)
    path_params: Mapping[str, Parameter] = field(default_factory=dict)
    statuses: Mapping[int, str] = field(default_factory=dict)

    @property
    def example(self) -> str:
        """An address that works, with what is required."""
        path = self.path
        for name, about in self.path_params.items():
            path = path.replace(f"{{{name}}}", about.example)
        required = [
            (name, value) for name, about in self.params.items() if about.required for value in _examples(about)
        ]
        return f"{path}?{urlencode(required, safe=':/')}" if required else path

    def arguments(self, given: Mapping[str, list[str]], names: Names) -> Arguments:
        """The arguments of a call, each checked for type, with defaults where nothing is given.

        Raises:
            ParameterError: one is unknown, missing, given too often or of the wrong type.
        """
        for name in given:
            if name not in self.params:
                known = ", ".join((*self.params, "format", *(() if "lang" in self.params else ("lang",))))
                raise ParameterError(f"{self.path} has no parameter {name[:80]!r}.", hint=f"It takes {known}.")
        found: Arguments = {}
        for name, about in self.params.items():
            # An empty field of a form says nothing.
            values = [value for value in given.get(name, ()) if value] or ([about.default] if about.default else [])
            if about.required and not values:
                raise ParameterError(f"{self.path} needs {name}.", hint=f"For example: {name}={about.example}")
            if len(values) > 1 and not about.repeatable:
                raise ParameterError(f"{self.path} takes one {name}, {len(values)} were given.")
            for value in values:
                about.term(name, value, names)
            if values:
                found[name] = values
        return found


def _examples(about: Parameter) -> list[str]:
    return about.example.split(" ") if about.repeatable else [about.example]
