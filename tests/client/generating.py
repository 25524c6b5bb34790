"""Writes the types of the client from the OpenAPI document: `make client-types`."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import framework
from tests.conftest import ROOT

Schema = Mapping[str, Any]

PACKAGE = ROOT / "src" / "graph_service" / "client"
LISTS = (
    "actors", "bodies", "documents", "instruments", "issues", "positions", "propositions", "relations", "votes",
)  # fmt: skip
NETWORKS = tuple(f"/api/networks/{kind}" for kind in ("actors", "propositions", "affiliation"))
EDGES = tuple(f"{path}/edges/{{a}}/{{b}}" for path in NETWORKS)
# What models have in common, so that it stands there once: its fields, and a model that has them.
COMMON = {
    "Answer": (("dataset", "query", "language"), "Matrix"),
    "Page": (("dataset", "query", "language", "next", "total", "facets"), "ActorList"),
}
# What methods take: the class, the one that it extends, and the operations whose parameters these are. A class that
# others extend has what all of its operations take, any other what one of them takes.
OPTIONS = (
    ("LanguageOptions", "TypedDict", ("/api/explain", "/api/queries", "/api/actors/{slug}")),
    ("SearchOptions", "LanguageOptions", ("/api/search",)),
    ("ListOptions", "LanguageOptions", tuple(f"/api/{name}" for name in LISTS)),
    *((f"{name.title()}Options", "ListOptions", (f"/api/{name}",)) for name in LISTS),
    ("ComparisonOptions", "LanguageOptions", ("/api/compare", "/api/matrix", "/api/timeline")),
    ("MatrixOptions", "ComparisonOptions", ("/api/matrix", "/api/timeline")),
    ("CoverageOptions", "LanguageOptions", ("/api/coverage",)),
    ("EditsOptions", "LanguageOptions", ("/api/edits",)),
    ("EdgeOptions", "LanguageOptions", NETWORKS + EDGES),
    ("NetworkOptions", "EdgeOptions", NETWORKS),
    ("ReasonsOptions", "EdgeOptions", EDGES),
)
# A method chooses the format, goes from page to page, and asks for a certificate.
NOT_OPTIONS = ("format", "after", "certificate")
# An error is an exception.
NOT_MODELS = ("Problem",)
TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEAD = '''"""{title}.

Made from the OpenAPI document by `make client-types`; a test compares them.
"""

from __future__ import annotations

'''


def modules() -> dict[str, str]:
    """The text of each module, by its file name."""
    described = framework(RouteSettings()).openapi()
    made = {"models.py": models(described), "things.py": things(described), "options.py": options(described)}
    return {name: _formatted(text) for name, text in made.items()}


def models(described: Schema) -> str:
    """The module of what is answered, but the things of the graph."""
    schemas = described["components"]["schemas"]
    imports = "from typing import Any, Literal, NotRequired, TypeAlias, TypedDict\n"
    answer, page = ({key: _field(key, schemas[model]) for key in fields} for fields, model in COMMON.values())
    bases = _class("Answer", "TypedDict", "What every answer names.", answer) + _class(
        "Page", "Answer", "A page of a list.", {key: kind for key, kind in page.items() if key not in answer}
    )
    rest = sorted(set(schemas) - set(_things(schemas)) - set(NOT_MODELS))
    head = HEAD.format(title="What the service answers, as typed dictionaries")
    return head + imports + bases + "".join(_model(name, schemas) for name in rest)


def things(described: Schema) -> str:
    """The module of the things of the graph: as items of lists, with all statements, as pages of lists."""
    schemas = described["components"]["schemas"]
    imports = (
        "from typing import NotRequired, TypedDict\n"
        "from graph_service.client.models import Answer, OtherLanguages, Page, Reference, Statement\n"
    )
    head = HEAD.format(title="The things of the graph, as typed dictionaries")
    return head + imports + "".join(_model(name, schemas) for name in _things(schemas))


def options(described: Schema) -> str:
    """The module of what methods take beside what they need."""
    extended = {base for _, base, _ in OPTIONS}
    taken: dict[str, dict[str, str]] = {"TypedDict": {}}
    classes = ""
    for name, base, paths in OPTIONS:
        every = [_parameters(described["paths"][path]) for path in paths]
        keys = dict.fromkeys(key for one in every for key in one)
        if name in extended:
            keys = {key: None for key in keys if all(key in one for one in every)}
        # Of choices of different length, the longest.
        taken[name] = {key: max((one[key] for one in every if key in one), key=len) for key in keys}
        own = {key: kind for key, kind in taken[name].items() if key not in taken[base]}
        classes += _class(name, f"{base}, total=False", f"Of {_joined(paths)}.", own)
    imports = (
        "from collections.abc import Sequence\nfrom datetime import date\n"
        "from typing import Literal, TypeAlias, TypedDict, TypeVar\n"
        '\nOne = TypeVar("One")\nMany: TypeAlias = One | Sequence[One]\nDay: TypeAlias = date | str\n'
    )
    return HEAD.format(title="What methods take: filters, order, language") + imports + classes


def _things(schemas: Mapping[str, Schema]) -> list[str]:
    named = [name.removesuffix("Details") for name in sorted(schemas) if name.endswith("Details")]
    return [f"{name}{kind}" for name in named for kind in ("", "Details", "List")]


def _model(name: str, schemas: Mapping[str, Schema]) -> str:
    about = schemas[name]
    properties = about.get("properties", {})
    if not properties or about.get("additionalProperties"):
        return f"\n{_comment(about)}\n{name}: TypeAlias = {_quoted(_type(about))}\n"
    bases = [base for base in ("Page", "Answer") if set(COMMON[base][0]) <= set(properties)][:1]
    inherited = {key for base in bases for key in COMMON[base][0]}
    if name.endswith("Details"):
        bases.insert(0, name.removesuffix("Details"))
        inherited |= set(schemas[bases[0]]["properties"])
    own = {key: _field(key, about) for key in properties if key not in inherited}
    if all(key.isidentifier() and not keyword.iskeyword(key) for key in own):
        return _class(name, ", ".join(bases) or "TypedDict", _sentence(about), own)
    fields = ", ".join(f'"{key}": {_quoted(kind)}' for key, kind in own.items())
    return f'\n{_comment(about)}\n{name} = TypedDict("{name}", {{{fields},}})\n'


def _class(name: str, bases: str, sentence: str, fields: Mapping[str, str]) -> str:
    lines = "".join(f"    {key}: {kind}\n" for key, kind in fields.items())
    return f'\n\nclass {name}({bases}):\n    """{sentence}"""\n\n{lines}\n'


def _field(key: str, about: Schema) -> str:
    kind = _type(about["properties"][key])
    return kind if key in about.get("required", ()) else f"NotRequired[{kind}]"


def _parameters(about: Schema) -> dict[str, str]:
    return {
        one["name"]: _argument(one["schema"])
        for one in about["get"]["parameters"]
        if one["in"] == "query" and not one["required"] and one["name"] not in NOT_OPTIONS
    }


def _argument(schema: Schema) -> str:
    if schema.get("type") == "array":
        return f"Many[{_argument(schema['items'])}]"
    return "Day" if schema.get("format") == "date" else _type(schema)


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("prefixItems") or [schema["items"]]
        return f"list[{' | '.join(dict.fromkeys(map(_type, items)))}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_type(values) if isinstance(values, dict) else 'Any'}]"
    return TYPES[kind] if kind else "Any"


def _quoted(kind: str) -> str:
    return kind if kind.startswith("Literal") else repr(kind)


def _sentence(about: Schema) -> str:
    """The first sentence that says what something is."""
    text = " ".join(str(about.get("description", about["title"])).split())
    return re.split(r"(?<=[.]) (?=[A-Z])", text)[0].removesuffix(".") + "."


def _comment(about: Schema) -> str:
    return textwrap.fill(_sentence(about), 120, initial_indent="# ", subsequent_indent="# ")


def _joined(paths: Iterable[str]) -> str:
    listed = [f"`{path}`" for path in paths]
    return " and ".join(listed) if len(listed) < 3 else f"{listed[0]} and its like"


def _formatted(text: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["format"], ["check", "--fix", "--exit-zero", "--quiet"], ["format"]):
        asked = [str(ruff), *command, "-", "--stdin-filename", str(PACKAGE / "models.py")]
        text = subprocess.run(asked, input=text, capture_output=True, text=True, check=True).stdout
    return text


if __name__ == "__main__":
    for file_name, content in modules().items():
        (PACKAGE / file_name).write_text(content, encoding="utf-8")
