"""Resource files: query files that define a kind of resource and its fields.

Such a file is one SELECT: a required pattern for what `?item` is, then one OPTIONAL for each field of its header. As it
stands it is a valid query; `apart` takes it apart by its tokens.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from graph_service.errors import Location, QueryFileError
from graph_service.rdf.lexer import Token, significant, tokens


class FieldKind(StrEnum):
    """What the values of a field are: `text` has language tags, of which one is shown."""

    TEXT = "text"
    STRING = "string"
    IRI = "iri"
    INTEGER = "integer"
    DATE = "date"


class ResourceField(BaseModel):
    """A field of a resource.

    Attributes:
        type: what its values are.
        title: what it means, by language tag.
        many: whether a thing may have several, so that its value is a list.
        filter: whether lists can be narrowed by it; dates by a range, the field `date` by `since` and `until`.
        facet: whether lists can count its values.
        sort: whether lists can be sorted by it.
        until: of a day that may begin a span: the field of the last day. Lists have a whole year behind its days.
        example: a value to filter by.
        values, of: what it may be filtered by, as of `Parameter`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: FieldKind
    title: dict[str, str]
    many: bool = False
    filter: bool = False
    facet: bool = False
    sort: bool = False
    until: str = ""
    example: str = ""
    values: tuple[str, ...] = ()
    of: str = ""


class ResourceHeader(BaseModel):
    """What a resource file says of itself.

    Attributes:
        title, description: by language tag.
        tags: what it is about.
        path: where the IRIs of its things begin, relative to the base.
        example: the short name of one of them.
        item: what one of them is called in generated clients, such as `Actor`; else the name of the file.
        fields: by name of the variable.
        sort: the field that lists are sorted by if nobody says otherwise, with `-` in front the greatest first.
        reconciled: where the reconciliation service finds things by their names: the fields that tell namesakes apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: dict[str, str]
    description: dict[str, str]
    tags: tuple[str, ...] = ()
    path: str
    example: str
    item: str = ""
    sort: str
    fields: dict[str, ResourceField] = Field(default_factory=dict)
    reconciled: Annotated[tuple[str, ...], Field(min_length=1)] | None = None


def apart(text: str, path: Path) -> tuple[str, str, list[tuple[str, set[str]]]]:
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
