"""Certificates: what was asked of which edition, and the digest of what came back. Anyone can ask again and compare.

A certificate is no signature: it proves nothing by itself, but says all that is needed to check an answer later. Its
member `sha256` is its own digest, so that a certificate that was changed shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from graph_service.errors import ParameterError, SourceError
from graph_service.rdf.formats import Format
from graph_service.snapshots import sealed
from graph_service.version import __version__

PARAMETER = "certificate"
CERTIFICATE = Format("certificate", "application/vnd.graph-service.certificate+json", "json")
# What a form, a program and pydantic write for true, and a parameter without a value.
_TRUE = frozenset(("", "true", "1", "yes", "on", "t", "y"))


class CertifiedEdition(BaseModel):
    """The data set: SHA-256 of its N-Quads in hexadecimal, and the base of relative IRIs."""

    digest: str
    base: str


class CertifiedRequest(BaseModel):
    """The request as it was understood: names in full, defaults included; `path` is below the root of the service."""

    method: Literal["GET", "POST"]
    path: str
    parameters: dict[str, list[str]]
    query: str | None = None


class CertifiedResult(BaseModel):
    """The answer: `rows` are rows, triples, or entries of its lists; `sha256` is that of its canonical form.

    `order` is the digest of the rows in the order that the query gives them, `value` the answer to an ASK; `whole` is
    false where a list goes on behind the page.
    """

    kind: Literal["table", "boolean", "graph", "json"]
    rows: int | None = None
    sha256: str
    order: str | None = None
    value: bool | None = None
    whole: bool | None = None


class CertifyingSoftware(BaseModel):
    """What answered; `queries` is the digest of the query files that its API answers from."""

    name: str = "graph-service"
    version: str = __version__
    queries: str | None = None


class Certificate(BaseModel):
    """What was asked when of which edition, and the digest of the answer; `certificate` is the layout."""

    # Not `Literal`: generators of clients write code of it that does not compile.
    certificate: int = Field(default=1, ge=1, le=1)
    time: str
    edition: CertifiedEdition
    request: CertifiedRequest
    result: CertifiedResult
    software: CertifyingSoftware
    sha256: str = ""

    @classmethod
    def now(
        cls, edition: CertifiedEdition, request: CertifiedRequest, result: Mapping[str, Any], queries: str | None = None
    ) -> Certificate:
        """A certificate of this moment; `result` as of `CanonicalAnswer`."""
        return cls(
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            edition=edition,
            request=request,
            result=CertifiedResult(**result),
            software=CertifyingSoftware(queries=queries),
        )

    def encode(self) -> bytes:
        """As JSON, with its own digest."""
        return sealed.sealed(self.model_dump(exclude_none=True, exclude={"sha256"})).encode()

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Certificate:
        """The certificate in a JSON object.

        Raises:
            SourceError: it is none.
        """
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            first = error.errors()[0]
            member = ".".join(map(str, first["loc"]))
            raise SourceError(f"The certificate cannot be read: {member}: {first['msg']}.") from None


def is_wanted(parameters: Iterable[tuple[str, str]]) -> bool:
    """Whether `?certificate` is among the parameters of a request."""
    values = [value for name, value in parameters if name == PARAMETER]
    return bool(values) and values[-1].lower() in _TRUE


def unrepeatable() -> ParameterError:
    """The error of an answer that depends on clock or chance."""
    return ParameterError(
        "The answer depends on clock or chance, so it cannot be checked later.",
        hint="Leave out NOW, RAND, UUID, STRUUID and escapes (\\u) of the query, or the parameter 'certificate'.",
    )
