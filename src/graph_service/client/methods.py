"""Methods of both clients: `Client` gives requests that block, `AsyncClient` those that are awaited."""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from graph_service.client.flow import Asynchronous, Blocking
from graph_service.client.requests import AsyncListing, AsyncRequest, BaseListing, BaseRequest, Listing, Request

Parameters = ParamSpec("Parameters")
Content = TypeVar("Content")
Item = TypeVar("Item")


class RequestMethod(Generic[Parameters, Content]):
    """A method of both clients that gives a request."""

    def __init__(self, method: Callable[Concatenate[Any, Parameters], BaseRequest[Content]]) -> None:
        self._method = method

    @overload
    def __get__(self, instance: Blocking, owner: type | None = None) -> Callable[Parameters, Request[Content]]: ...
    @overload
    def __get__(
        self, instance: Asynchronous, owner: type | None = None
    ) -> Callable[Parameters, AsyncRequest[Content]]: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """The method of an object, or what help() shows of a class."""
        return self._method if instance is None else MethodType(self._method, instance)


class ListingMethod(Generic[Parameters, Content, Item]):
    """A method of both clients that gives a listing."""

    def __init__(self, method: Callable[Concatenate[Any, Parameters], BaseListing[Content, Item]]) -> None:
        self._method = method

    @overload
    def __get__(
        self, instance: Blocking, owner: type | None = None
    ) -> Callable[Parameters, Listing[Content, Item]]: ...
    @overload
    def __get__(
        self, instance: Asynchronous, owner: type | None = None
    ) -> Callable[Parameters, AsyncListing[Content, Item]]: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """The method of an object, or what help() shows of a class."""
        return self._method if instance is None else MethodType(self._method, instance)
