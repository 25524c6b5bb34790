"""Parameters of a query: typed values as a user writes them, turned into RDF terms."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph_service.errors import ParameterError
from graph_service.rdf.namespaces import XSD, Names
from graph_service.rdf.terms import Term, iri, literal

# What is shown of a value, and compared with others.
_LONGEST = 80


class Type(StrEnum):
    """What the values of a parameter are."""

    IRI = "iri"
    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    LANGUAGE = "language"
    ENUM = "enum"


class Parameter(BaseModel):
    """A parameter as the header of a query file declares it.

    Attributes:
        type: what its values are.
        title: what it means, by language tag.
        required: whether the query makes no sense without it; then it has an example.
        repeatable: whether it may be given more than once (any of the values matches).
        default: the value taken when none is given, empty for none.
        example: a value to try, empty for none.
        values: what it may be: of an `enum` always, of an `iri` or `integer` if they are few.
        of: the class or concept scheme that an `iri` is of, or the property that a `string` is a value of; empty where
            any value makes sense.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Type
    title: dict[str, str] = Field(default_factory=dict)
    required: bool = False
    repeatable: bool = False
    default: str = ""
    example: str = ""
    values: tuple[str, ...] = ()
    of: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Parameter:
        if self.required and not self.example:
            raise ValueError("a required parameter needs an example")
        if self.type is Type.ENUM and not self.values:
            raise ValueError("an enum lists its values")
        if self.values and self.type not in (Type.ENUM, Type.IRI, Type.INTEGER):
            raise ValueError("only an enum, an iri or an integer lists its values")
        if self.of and (self.values or self.type not in (Type.IRI, Type.STRING)):
            raise ValueError("only an iri or a string that lists no values is of something")
        return self

    def term(self, name: str, value: str, names: Names) -> Term:
        """The RDF term of a value.

        Args:
            name: of the parameter, for the error.
            value: as the user wrote it; an IRI may be absolute, a CURIE, or relative to the base.
            names: for CURIEs and the base.

        Raises:
            ParameterError: the value is not of the parameter's type.
        """
        try:
            return self._term(value, names)
        except (ValueError, InvalidOperation) as error:
            expected = f"one of {', '.join(self.values)}" if self.values else f"of type {self.type}"
            shown = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
            hint = f"For example: {name}={self.example}" if self.example else ""
            raise ParameterError(f"{name}={shown!r} is not {expected}.", hint=hint) from error

    def _term(self, value: str, names: Names) -> Term:
        match self.type:
            case Type.IRI:
                return iri(names.expand(value))
            case Type.INTEGER:
                number = str(int(value))
                return literal(_one_of(number, self.values or (number,)), datatype=f"{XSD}integer")
            case Type.DECIMAL:
                return literal(_decimal(value), datatype=f"{XSD}decimal")
            case Type.DATE:
                return literal(datetime.date.fromisoformat(value).isoformat(), datatype=f"{XSD}date")
            case Type.BOOLEAN:
                return literal(_one_of(value, ("true", "false")), datatype=f"{XSD}boolean")
            case Type.LANGUAGE:
                return literal(_language(value))
            case Type.ENUM:
                return literal(_one_of(value, self.values))
            case Type.STRING:
                return literal(value)


def nearest(value: str, known: Iterable[str]) -> list[str]:
    """Up to three that are spelled most like a value, without regard to case, the nearest first."""
    spellings = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(value[:_LONGEST].casefold().replace(" ", "-"), spellings, 3)
    return [spellings[one] for one in near]


def suggestion(near: Sequence[str]) -> str:
    """The hint at what `nearest` found; empty where it found nothing."""
    return f"Did you mean {' or '.join(near)}?" if near else ""


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """The hint at what is spelled most like a value; empty where nothing is."""
    return suggestion(nearest(value, known))


def _decimal(value: str) -> str:
    """A decimal as `xsd:decimal` writes it, which knows neither exponents nor infinities."""
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 100:
        raise ValueError(value)
    return f"{number:f}"


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(value)
    return value


def _language(value: str) -> str:
    """A language tag in lower case (BCP 47, its shape only)."""
    if not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", value):
        raise ValueError(value)
    return value.lower()
