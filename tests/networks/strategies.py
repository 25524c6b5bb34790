"""Small random discourses, dense enough that pairs share concepts and statements repeat."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from hypothesis import strategies as st

from graph_service.networks import Statements

from .reference import Row

START, STOP = datetime.date(2018, 12, 20), datetime.date(2021, 1, 10)
CODES = (0.0, 1.0)
SCALE = (-1.0, 0.0, 1.0)
THIRDS = (-1 / 3, 0.0, 2 / 7)
FINE = (-2.5, -1.0, 0.1, 0.3, 4.0)


def rows(levels: Sequence[float], most: int = 25) -> st.SearchStrategy[list[Row]]:
    near = st.dates(datetime.date(2018, 12, 27), datetime.date(2019, 1, 9))
    row = st.builds(
        Row,
        st.sampled_from("ABCD"),
        st.sampled_from("xyz"),
        st.sampled_from(levels),
        st.sampled_from(["d1", "d2", "d3"]),
        st.integers(0, 2),
        near | st.dates(START, STOP),
    )
    return st.lists(row, max_size=most)


def table(rows: Sequence[Row], *, binary: bool) -> Statements:
    dicts = [
        {
            "actor": row.actor,
            "concept": row.concept,
            "level": repr(row.level),
            "document": row.document,
            "place": str(row.place),
            "date": row.date.isoformat(),
        }
        for row in rows
    ]
    return Statements.from_rows(dicts, binary=binary)


def intervals(most: int = 12) -> st.SearchStrategy[Statements]:
    """Statements of which some hold for days or years and some have no date."""
    near = st.dates(datetime.date(2019, 1, 1), datetime.date(2019, 12, 31))
    day = near.map(datetime.date.isoformat) | st.sampled_from(["2019", "2019-05", "2018", ""])
    row = st.fixed_dictionaries(
        {
            "actor": st.sampled_from("ABCD"),
            "concept": st.sampled_from("xyz"),
            "level": st.sampled_from(["-1", "0", "1"]),
            "document": st.sampled_from(["d1", "d2"]),
            "date": day,
            "until": st.just("") | st.sampled_from(["2019-12-31", "2020"]),
        }
    )
    dated = row.map(lambda given: given if given["date"] else {**given, "until": ""})
    return st.lists(dated, max_size=most).map(Statements.from_rows)
