"""What the data themselves say of days: when something was withdrawn, and of which day a document or a thing is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from graph_service.http import web
from graph_service.http.protocol.cache import Recent
from graph_service.pages.chronology import newest_first
from graph_service.pages.visit import Visit
from graph_service.rdf.answers import Row
from graph_service.views.changes.compared_edition import Kind
from graph_service.views.changes.news import NewsLine, NewsThing, lines
from graph_service.views.changes.tombstones import by_item

# First and last possible day.
Days: TypeAlias = tuple[str, str]
Recorded: TypeAlias = Sequence[tuple[Days, NewsLine]]
_KEPT = 16


class _Memory:
    """What is kept for a data set: the last few answers, which serve all parts of a list and both languages."""

    def __init__(self) -> None:
        self.withdrawn: Sequence[NewsThing] | None = None
        self.rows: Recent[str, list[Row]] = Recent(_KEPT)


async def recorded(visit: Visit, wanted: Mapping[str, set[str]], *, of_model: bool) -> Recorded:
    """The days that the data name with what they say of each, the latest first.

    Args:
        visit: asks.
        wanted: IRIs by field, `actor` or `issue`; an empty set stands for all.
        of_model: whether the data are in the shipped model.

    Raises:
        QueryError: the store did not answer.
    """
    memory = visit.edition.remembered("recorded", _Memory)
    if memory.withdrawn is None:
        memory.withdrawn = _withdrawn(await visit.rows("withdrawn"))
    given = {name: sorted(iris) for name, iris in wanted.items()} if of_model else {}
    rows = memory.rows.get(str(given))
    if rows is None:
        rows = await visit.rows("recorded" if of_model else "recorded-by-class", **given)
        memory.rows.put(str(given), rows)
    found = _documents(rows) if of_model else await _things(visit, rows)
    found += _by_day((one.day, one) for one in memory.withdrawn if one.concerns(wanted))
    return sorted(found, key=lambda entry: newest_first(*entry[0]))


def _documents(rows: Iterable[Row]) -> list[tuple[Days, NewsLine]]:
    kind = _kind("position")
    found = []
    for row in rows:
        since, until = (row[name]["value"] if name in row else "" for name in ("since", "until"))
        document, actor = row["document"]["value"], row["actor"]["value"]
        line = NewsLine("", kind, int(row["count"]["value"]), [actor], document, since, until)
        found.append(((since, until), line))
    # The documents of a day in a row.
    return sorted(found, key=lambda entry: (entry[1].document, -entry[1].count, entry[1].actors))


async def _things(visit: Visit, rows: Iterable[Row]) -> list[tuple[Days, NewsLine]]:
    cells = [[row[name]["value"] for name in ("day", "item", "class", "how")] for row in rows]
    await visit.label({one for _, _, one, _ in cells})
    text = visit.show.labels.text
    kinds = {one: Kind(0, {language: text(one, language) for language in web.LANGUAGES}) for _, _, one, _ in cells}
    return _by_day((day, NewsThing(item, {}, how, kinds[one], 0, 0, {})) for day, item, one, how in cells)


def _by_day(things: Iterable[tuple[str, NewsThing]]) -> list[tuple[Days, NewsLine]]:
    days: dict[str, list[NewsThing]] = {}
    for day, thing in sorted(things, key=itemgetter(0)):
        days.setdefault(day, []).append(thing)
    return [((day, day), line) for day, found in days.items() for line in lines(found)]


def _withdrawn(rows: Sequence[Row]) -> Sequence[NewsThing]:
    context: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        fields = context.setdefault(row["item"]["value"], {})
        fields.setdefault(row["predicate"]["value"], []).append(row["object"]["value"])
    kind = _kind("entry")
    return [
        NewsThing(
            item,
            {},
            stone.how,
            kind,
            0,
            0,
            {name: sorted(context[item].get(name, ())) for name in ("actor", "issue")},
            stone.day,
            {language: stone.reason(language) for language in web.LANGUAGES},
            stone.successors,
        )
        for item, stone in by_item(rows).items()
    ]


def _kind(name: str) -> Kind:
    many, one = (
        {language: web.words(language)[f"news.{name}.{number}"] for language in web.LANGUAGES}
        for number in ("many", "one")
    )
    return Kind(0, many, one)
