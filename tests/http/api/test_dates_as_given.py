"""A date that a source gives as a year or a month has the source's form beside its first and last possible day."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from graph_service.store.embedded import EmbeddedStore
from tests.snapshot_servers import QUERIES

FILES = [path for path in sorted(QUERIES.rglob("*.rq")) if path.parent.name in ("queries", "api", "resources")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_query_shows_a_day_without_the_date_as_given(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = re.search(r"SELECT (?:DISTINCT )?([^{]*) WHERE", text)
    assert shown
    days = set(re.findall(r"mp:dated(?:From|To) \?(\w+)", text))
    if shown[1] == "*" or days & set(re.findall(r"\?(\w+)", shown[1])):
        assert "mp:dateAsGiven" in text or not days


def test_every_inexact_date_is_given_somehow(embedded: EmbeddedStore) -> None:
    rows = embedded.rows(
        """PREFIX mp: <https://w3id.org/migration-policy/ontology#>
        SELECT ?document ?given WHERE { ?document mp:datedFrom ?from ; mp:datedTo ?to FILTER(?from != ?to)
          OPTIONAL { ?document mp:dateAsGiven ?given } }"""
    )
    assert len(rows) > 50
    assert [row["document"] for row in rows if not row.get("given")] == []


@pytest.mark.parametrize(
    ("address", "first", "last"),
    [
        ("/api/documents?limit=1000", "date", "latest"),
        ("/api/positions?limit=1000", "date", "latest"),
        ("/api/timeline?", "from", "to"),
        ("/api/matrix?", "from", "to"),
        ("/api/compare?actor=diakonie&actor=spd", "from", "to"),
        ("/api/queries/when-adopted-when-reviewed?", "earliest", "latest"),
    ],
)
def test_a_year_stays_a_year_in_tables(address: str, first: str, last: str, client: httpx2.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{address}&format=csv").text)))
    inexact = [row for row in rows if row[first] != row[last]]
    assert inexact
    assert [row for row in inexact if not row["date_as_given"]] == []
    years = [row for row in inexact if re.fullmatch(r"\d{4}", row["date_as_given"])]
    assert years
    for row in years:
        assert (row[first], row[last]) == (f"{row['date_as_given']}-01-01", f"{row['date_as_given']}-12-31")


def test_a_year_stays_a_year_in_json(client: httpx2.Client) -> None:
    compared = client.get("/api/compare?actor=diakonie&actor=spd&all=true").json()
    found = [one for kind in _KINDS for one in compared[kind]]
    edge = client.get("/api/networks/actors/edges/diakonie/spd?limit=1000&all=true").json()["reasons"]
    answers: list[list[dict[str, Any]]] = [
        client.get("/api/timeline").json()["positions"],
        client.get("/api/coverage").json()["documents"],
        [position for one in found for cell in one["cells"] for position in cell["positions"]],
        [reason[end] for reason in edge for end in ("first", "second")],
    ]
    for listed in answers:
        inexact = [one for one in listed if one["from"] != one["to"]]
        assert inexact
        assert [one for one in inexact if not one["date_as_given"]] == []


_KINDS = ("common", "differences", "conditional", "one_sided", "uncovered")


@pytest.mark.parametrize(("body", "given"), [("sn-zivil-55", "2023-12-07"), ("fachgruppe-migration", None)])
def test_an_affiliation_has_the_date_of_its_relation(body: str, given: str | None, client: httpx2.Client) -> None:
    reasons = client.get(f"/api/networks/affiliation/edges/paritaet-sachsen/{body}").json()["reasons"]
    assert {reason["first"]["date_as_given"] for reason in reasons} == {given}
    assert {reason["first"]["from"] for reason in reasons} == {given}
