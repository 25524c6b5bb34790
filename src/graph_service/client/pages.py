"""The pages of a list, one after the other, all of one data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from graph_service.client.errors import ClientError
from graph_service.client.flow import Flow, Received


class Asked(Protocol):
    """A request as far as its pages need it."""

    def address(self, format_name: str) -> str:
        """Where a format of it is."""

    def follow(self, address: str) -> Flow[Received]:
        """What is there."""


@dataclass(frozen=True)
class Page:
    """An answer and where it was."""

    address: str
    answer: Received


def first(request: Asked, format_name: str) -> Flow[Page]:
    """The first page."""
    address = request.address(format_name)
    return Page(address, (yield from request.follow(address)))


def after(request: Asked, page: Page) -> Flow[Page]:
    """The page that `Link: …; rel="next"` names.

    Raises:
        ClientError: it is of another data set, so that things would be missing or come twice.
    """
    address = urljoin(page.address, page.answer.next)
    answer = yield from request.follow(address)
    if answer.dataset != page.answer.dataset:
        hint = f"Read it again, or from one edition: client.edition({page.answer.dataset[:8]!r})."
        raise ClientError("The data were replaced while the list was read.", hint=hint)
    return Page(address, answer)
