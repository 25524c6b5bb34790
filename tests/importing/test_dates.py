"""Dates: an interval or an error, never a part of what is written."""

from __future__ import annotations

import pytest

from graph_service.importing import dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("30.06.2021 - 02.07.2021", "2021-06-30", "2021-07-02"),
        ("2021-06-30 bis 2021-07-02", "2021-06-30", "2021-07-02"),
        ("2021-06-30–2021-07-02", "2021-06-30", "2021-07-02"),
        ("2021-06-30; 2021-07-02", "2021-06-30", "2021-07-02"),
        ("2020-2021", "2020-01-01", "2021-12-31"),
        ("2020/2021", "2020-01-01", "2021-12-31"),
        ("2021-02", "2021-02-01", "2021-02-28"),
        ("1.3.2024 08:15", "2024-03-01", "2024-03-01"),
        ("2024-03-01T08:15:00.5+02:00", "2024-03-01", "2024-03-01"),
        ("2024-03-01 00:00:00", "2024-03-01", "2024-03-01"),
    ],
)
def test_intervals(text: str, first: str, last: str) -> None:
    assert [day.isoformat() for day in dates.interval(text)] == [first, last]


@pytest.mark.parametrize(
    "text",
    [
        "30.06.2021, überarbeitet 2023",
        "2021-06-30 (Entwurf)",
        "2021-06-30 oder später",
        "2021-06-30/",
        "2021; 2022; 2023",
        "30.06.20211",
        "2021-06-301",
        "2021-06-30; 2021-06-01",
        "28./29.06.2019",
        "2021-02-30",
        "٢٠٢١",
        "20240301",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        dates.interval(text)
