"""Steps without input or output, written once for both clients.

A flow is a generator: it yields a request or a wait, and goes on with the answer. `Client` takes one step after the
other, `AsyncClient` awaits them; httpx writes its authentication in the same way. A method is written once, and a
decorator gives it the type that it has in either client.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, overload

from graph_service.client.errors import ClientError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Send:
    """A request that is to be sent; with a body it is a POST of a SPARQL query."""

    address: str
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Wait:
    """Seconds to wait before the next step."""

    seconds: float


@dataclass(frozen=True)
class Received:
    """An answer; names of header fields are in lower case, `next` is the address in `Link: …; rel="next"`."""

    status: int
    fields: Mapping[str, str]
    content: bytes
    next: str = ""

    @property
    def dataset(self) -> str:
        """The digest of the data set that answered.

        Raises:
            ClientError: it is not named.
        """
        try:
            return self.fields["x-dataset-digest"]
        except KeyError:
            raise ClientError("The answer names no data set.", hint="Is this address that of the service?") from None


# What a flow goes on with after a wait.
NOTHING = Received(0, {}, b"")

Flow: TypeAlias = Generator[Send | Wait, Received, Result]


class Blocking:
    """Its methods return when their flow has ended."""


class Asynchronous:
    """Its methods are awaited."""


class FlowMethod(Generic[Parameters, Result]):
    """A method that is written as a flow; `_run` of its object runs it."""

    def __init__(self, method: Callable[Concatenate[Any, Parameters], Flow[Result]]) -> None:
        self._method = method

    @overload
    def __get__(self, instance: Blocking, owner: type | None = None) -> Callable[Parameters, Result]: ...
    @overload
    def __get__(self, instance: Asynchronous, owner: type | None = None) -> Callable[Parameters, Awaitable[Result]]: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """The method of an object, or what help() shows of a class."""
        if instance is None:
            return self._method

        @wraps(self._method)
        def run(*arguments: Any, **named: Any) -> Any:
            return instance._run(self._method(instance, *arguments, **named))

        return run
