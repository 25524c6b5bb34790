"""The rows of an answer as a table for readers: things by their names, agreement as a sign, numbers with a bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_service.catalogue.queries import AnswerWords
from graph_service.pages.shown import DisplayValue, Show
from graph_service.pages.stances.positions import STANCES
from graph_service.rdf.answers import Row


@dataclass(frozen=True)
class ResultCell:
    """A cell: what is shown; a stance where the column is one; how long its bar is, 0 to 100, where it has one."""

    shown: DisplayValue | None = None
    stance: str = ""
    bar: int | None = None


@dataclass(frozen=True)
class ResultTable:
    """Heads and cells of the first rows, and how many rows there are in all."""

    heads: Sequence[str]
    rows: Sequence[Sequence[ResultCell]]
    count: int


def result_table(
    columns: Sequence[str],
    rows: Sequence[Row],
    show: Show,
    bars: Sequence[str],
    words: AnswerWords,
    most: int,
) -> ResultTable:
    """The table of an answer.

    Args:
        columns: names of the variables.
        rows: all of them.
        show: with the labels of everything in the first rows.
        bars: columns with a number that has a bar, the longest for the greatest of all these columns.
        words: what columns and values are called.
        most: how many rows are shown.
    """
    first = rows[:most]
    kept = [name for name in columns if not _repeats(name, columns, first, show)]
    greatest = max((_number(row, name) for row in rows for name in bars), default=0)
    values = {value: texts.get(show.language, value) for value, texts in words.values.items()}
    cells = [[_cell(row, name, show, values, greatest if name in bars else 0) for name in kept] for row in first]
    heads = [words.columns.get(name, {}).get(show.language) or name.replace("_", " ") for name in kept]
    return ResultTable(heads, cells, len(rows))


def _repeats(name: str, columns: Sequence[str], rows: Sequence[Row], show: Show) -> bool:
    """Whether a column holds nothing but the names of the things in another, which stand there anyway."""
    if not rows or any(row[name]["type"] == "uri" for row in rows if name in row):
        return False
    return any(
        all(
            (name in row) == (other in row)
            and (name not in row or row[name]["value"] == show.labels.text(row[other]["value"], show.language))
            for row in rows
        )
        and any(other in row and row[other]["type"] == "uri" for row in rows)
        for other in columns
        if other != name
    )


def _cell(row: Row, name: str, show: Show, values: Mapping[str, str], greatest: float) -> ResultCell:
    if name not in row:
        return ResultCell()
    shown = show.binding(row[name])
    if not shown.language and not shown.href and shown.text in values:
        shown = DisplayValue(values[shown.text])
    if name.endswith("agreement") and shown.text in STANCES:
        return ResultCell(shown, STANCES[shown.text])
    return ResultCell(shown, bar=round(100 * _number(row, name) / greatest) if greatest > 0 else None)


def _number(row: Row, name: str) -> float:
    try:
        return float(row[name]["value"]) if name in row else 0.0
    except ValueError:
        return 0.0
