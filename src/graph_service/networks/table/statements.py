"""Statements: who said what, agreeing or not, where and when, as a table that holds millions.

A statement is (actor, concept, level, document, place in the document, time), after Leifeld's discourse network
analysis. A concept is our proposition, a level our agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph_service.errors import SourceError
from graph_service.networks.table import days
from graph_service.networks.table.coded_column import CodedColumn
from graph_service.networks.table.days import Days

COLUMNS = ("actor", "concept", "level", "document", "place", "date", "until", "id")
_LEVELS = {"true": 1.0, "false": 0.0}


class RowError(SourceError):
    """A row that cannot be read.

    Attributes:
        row: its place among the rows, from 0.
        problem: what is wrong, a sentence.
    """

    def __init__(self, row: int, problem: str, *, hint: str) -> None:
        super().__init__(f"Row {row + 1}: {problem}", hint=hint)
        self.row = row
        self.problem = problem


class Statement(NamedTuple):
    """One row of the table, as reasons show it.

    `date` and `until` are the first and last day of its time as `xsd:date` writes them, empty if it is undated; `id`
    names the position it comes from, empty if the source names none.
    """

    actor: str
    concept: str
    level: float
    document: str
    place: int
    date: str
    until: str
    id: str
    attributes: dict[str, str]


@dataclass(frozen=True, eq=False)
class Statements:
    """A table of statements in columns, always in the order of time, document, place in the document.

    What these leave equal is ordered by all other columns, so the order of the source never shows.

    Attributes:
        actor, concept, document, id: words, shape (n,).
        level: `float64`, shape (n,); 1 and 0 where `binary`.
        place: `int64`, shape (n,); place in the document, 0 where the source gives none.
        first, last: `int32`, shape (n,); days since 1970-01-01 between which the statement was made, both inclusive.
        attributes: further columns for filters, such as `issue`, `actor_kind`, `source_kind`, `own`.
        binary: whether levels are codes (agreed or not) and no scale; a code always has the levels 0 and 1.
    """

    actor: CodedColumn
    concept: CodedColumn
    document: CodedColumn
    id: CodedColumn
    level: NDArray[np.float64]
    place: NDArray[np.int64]
    first: Days
    last: Days
    attributes: Mapping[str, CodedColumn]
    binary: bool

    def __len__(self) -> int:
        return len(self.level)

    def __iter__(self) -> Iterator[Statement]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, row: int) -> Statement:
        return Statement(
            self.actor[row],
            self.concept[row],
            float(self.level[row]),
            self.document[row],
            int(self.place[row]),
            days.iso(int(self.first[row])),
            days.iso(int(self.last[row])),
            self.id[row],
            {name: column[row] for name, column in self.attributes.items()},
        )

    @classmethod
    def from_rows(
        cls, rows: Iterable[Mapping[str, Any]], *, columns: Mapping[str, str] | None = None, binary: bool = False
    ) -> Statements:
        """The table of rows such as a SPARQL result or `csv.DictReader` gives.

        Args:
            rows: one mapping a statement. Keys as in `COLUMNS`; every other key is an attribute. Only `actor` and
                `concept` are needed: without levels every statement has 1. Empty or absent values are "".
            columns: where a column of ours has another name in the rows, such as `{"concept": "proposition"}`.
            binary: levels are codes: `true`, `false`, 1, 0. They also are if all levels are `true` or `false`.

        Raises:
            SourceError: a row has a level, place or date that cannot be read; a code is neither 0 nor 1.
        """
        theirs = {name: (columns or {}).get(name, name) for name in COLUMNS}
        listed = [row if isinstance(row, dict) else dict(row) for row in rows]
        others = sorted({key for row in listed for key in row} - set(theirs.values()))
        return cls.from_columns(
            {name: [_text(row.get(key)) for row in listed] for name, key in theirs.items()},
            {name: [_text(row.get(name)) for row in listed] for name in others},
            binary=binary,
        )

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Sequence[str]],
        attributes: Mapping[str, Sequence[str]] | None = None,
        *,
        binary: bool = False,
    ) -> Statements:
        """The table of columns of strings; see `from_rows`. Statements without actor or concept are left out.

        Args:
            columns: by names of `COLUMNS`, all of one length n; absent ones are empty.
            attributes: further columns of the length n.
            binary: levels are codes.

        Raises:
            SourceError: as in `from_rows`.
        """
        empty = [""] * len(columns["actor"])
        given = {name: columns.get(name, empty) for name in COLUMNS}
        level, codes = _levels(given["level"], binary)
        first, last = _times(given["date"], given["until"])
        table = cls(
            **{name: CodedColumn.of(given[name]) for name in ("actor", "concept", "document", "id")},
            level=level,
            place=_numbers(given["place"], "place", np.int64, 0),
            first=first,
            last=last,
            attributes={name: CodedColumn.of(values) for name, values in (attributes or {}).items()},
            binary=codes,
        )
        return table._without_empty()._ordered()

    def take(self, rows: NDArray[Any]) -> Statements:
        """The statements at these rows: a mask, or places in ascending order, since order is kept as given."""
        return Statements(
            actor=self.actor.take(rows),
            concept=self.concept.take(rows),
            document=self.document.take(rows),
            id=self.id.take(rows),
            level=self.level[rows],
            place=self.place[rows],
            first=self.first[rows],
            last=self.last[rows],
            attributes={name: column.take(rows) for name, column in self.attributes.items()},
            binary=self.binary,
        )

    def _without_empty(self) -> Statements:
        filled = ~(self.actor.is_in([""]) | self.concept.is_in([""]))
        return self if filled.all() else self.take(filled)

    def _ordered(self) -> Statements:
        columns: list[NDArray[Any]] = [
            self.first,
            self.document.codes,
            self.place,
            self.id.codes,
            self.actor.codes,
            self.concept.codes,
        ]
        columns += [self.level, self.last, *(self.attributes[name].codes for name in sorted(self.attributes))]
        return self.take(np.lexsort(columns[::-1]))


def _text(value: Any) -> str:
    """A cell as text; booleans as XML Schema writes them, half surrogates (no Unicode text) replaced."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _levels(texts: Sequence[str], binary: bool) -> tuple[NDArray[np.float64], bool]:
    distinct = set(texts)
    numbers = _numbers([_LEVELS.get(text, text) for text in texts], "level", np.float64, 1)
    codes = binary or (bool(distinct) and distinct <= _LEVELS.keys())
    wrong = np.flatnonzero(~np.isin(numbers, (0, 1)) if codes else ~np.isfinite(numbers))
    if len(wrong):
        raise _unreadable(int(wrong[0]), "level", texts[wrong[0]], "a code: true, false, 1 or 0" if codes else "finite")
    if "" in distinct and len(distinct) > 1:
        raise _unreadable(list(texts).index(""), "level", "", "given, as other rows have one")
    return numbers + 0.0, codes


def _times(dates: Sequence[str], untils: Sequence[str]) -> tuple[Days, Days]:
    """First and last days; `until` moves the end of the interval that `date` gives."""
    known: dict[str, tuple[int, int]] = {}
    for name, texts in (("date", dates), ("until", untils)):
        for text in (text for text in dict.fromkeys(texts) if text not in known):
            try:
                known[text] = days.interval(text)
            except ValueError as error:
                raise _unreadable(list(texts).index(text), name, text, "a date such as 2019-06-28 or 2019") from error
    first = np.fromiter((known[text][0] for text in dates), np.int32, len(dates))
    last = np.fromiter((known[text][1] for text in dates), np.int32, len(dates))
    ends = np.fromiter((known[text][1] for text in untils), np.int32, len(untils))
    given = ends != days.NEVER_ENDS
    wrong = np.flatnonzero(given & (ends < first))
    if len(wrong):
        raise _unreadable(int(wrong[0]), "until", untils[wrong[0]], "on or after the row's date")
    return first, np.where(given, ends, last).astype(np.int32)


def _numbers(texts: Sequence[Any], name: str, kind: Any, absent: int) -> NDArray[Any]:
    known: dict[Any, Any] = {"": absent}
    for text in (text for text in dict.fromkeys(texts) if text not in known):
        try:
            known[text] = kind(float(text)) if kind is np.float64 else kind(int(text))
        except (ValueError, OverflowError) as error:
            expected = "a number" if kind is np.float64 else "a whole number"
            raise _unreadable(list(texts).index(text), name, str(text), expected) from error
    return np.fromiter((known[text] for text in texts), kind, len(texts))


def _unreadable(row: int, column: str, text: str, expected: str) -> RowError:
    shown = text if len(text) <= 60 else text[:60] + "…"
    return RowError(row, f"{column} {shown!r} is not {expected}.", hint=f"Correct the {column} of this row.")
