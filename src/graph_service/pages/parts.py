"""A long list on several pages, which the parameter `page` counts from 1.

The site of files keeps this parameter (`serving.static_site.places`), so nothing of a list is lost there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.pages.visit import Visit

T = TypeVar("T")

PAGE = Parameter(type=Type.INTEGER, example="2")


@dataclass(frozen=True)
class Part(Generic[T]):
    """What one page shows of a list.

    Attributes:
        entries: those of this page.
        number: of this page, from 1.
        count: how many entries there are in all.
        most: how many a page shows.
        given: parameters of the page, without `page`.
    """

    entries: Sequence[T]
    number: int
    count: int
    most: int
    given: Mapping[str, list[str]]

    @property
    def first(self) -> int:
        """The number of the first entry of this page, from 1."""
        return (self.number - 1) * self.most + 1

    @property
    def before(self) -> Mapping[str, list[str]] | None:
        """Parameters of the page before; None for the first page."""
        return self.page(self.number - 1) if self.number > 1 else None

    @property
    def after(self) -> Mapping[str, list[str]] | None:
        """Parameters of the page after; None for the last page."""
        return self.page(self.number + 1) if self.number * self.most < self.count else None

    def page(self, number: int) -> Mapping[str, list[str]]:
        """Parameters of a page."""
        return {**self.given, "page": [str(number)]} if number > 1 else self.given


def part_of(visit: Visit, entries: Sequence[T], most: int) -> Part[T]:
    """The part of a list that a visit asks for; the last one where there are not so many."""
    number = page_number(visit, len(entries), most)
    given = {name: values for name, values in visit.arguments.items() if name not in ("page", "lang")}
    return Part(entries[(number - 1) * most : number * most], number, len(entries), most, given)


def page_number(visit: Visit, count: int, most: int) -> int:
    """The number of the page that a visit asks for, of so many entries."""
    return min(max(1, int(visit.one("page") or 1)), max(1, -(-count // most)))
