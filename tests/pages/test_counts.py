"""Every page, query and answer counts the same actors for and against the same proposition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias

import httpx2
import pytest

from graph_service.http import web
from graph_service.pages.stances.standings import KEYS
from graph_service.views.comparing.comparison import Status
from tests.pages.conftest import page
from tests.pages.test_proposition_page import entries, rows

BASE = "https://w3id.org/migration-policy/"
COLUMNS = {"for": "agrees", "against": "disagrees", "mixed": "conditional", "several": "differing"}
# How many actors stand how, by proposition; who stands nowhere is left out.
Counts: TypeAlias = dict[str, dict[str, int]]


def positive(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: number for key, number in counts.items() if number}


@pytest.fixture(scope="module")
def matrix(server: Any) -> dict[str, Any]:
    with server.client() as client:
        told: dict[str, Any] = client.get("/api/matrix").json()
    return told


@pytest.fixture(scope="module")
def counts(matrix: dict[str, Any]) -> Counts:
    """As the API counts: what all others are held against."""
    return {one["id"]: positive({key: one[name] for key, name in COLUMNS.items()}) for one in matrix["propositions"]}


def asked(client: httpx2.Client, name: str, **params: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/queries/{name}", params={**params, "format": "rows"})
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def counted(html: str) -> dict[str, int]:
    """The numbers that stand behind signs."""
    found = re.findall(r'data-stance="(\w+)"><span aria-hidden="true">.</span> [^<]*</span> (\d+)', html)
    return {key: int(number) for key, number in found if key in COLUMNS}


def listed(html: str) -> Counts:
    """Those of a list of propositions."""
    return {
        f"{BASE}id/{path}": counted(entry)
        for entry in re.findall(r"<li>.*?</li>", html, flags=re.DOTALL)
        for path in re.findall(r"/page/(proposition/[^?\"]+)", entry)[:1]
    }


def test_the_matrix_of_the_api_counts_its_cells(matrix: dict[str, Any], counts: Counts) -> None:
    cells = Counter((cell["proposition"], KEYS[Status(cell["status"])]) for cell in matrix["cells"])
    assert counts == {
        iri: positive({key: cells[iri, key] for key in COLUMNS})
        for iri in (one["id"] for one in matrix["propositions"])
    }
    assert sum(map(len, counts.values())) > 50


def test_the_matrix(client: httpx2.Client, counts: Counts) -> None:
    found: Counts = {}
    for row in page(client, "/matrix", least="0").partition("<tbody>")[2].split("</tr>")[:-1]:
        (path,) = re.findall(r'<th scope="row"><a href="/page/(proposition/[^?"]+)', row)
        found[f"{BASE}id/{path}"] = {
            key: int(number) for key, number in re.findall(r'data-count="(\w+)">.&#8239;(\d+)', row)
        }
    assert found == counts


def test_the_list_and_the_issues(client: httpx2.Client, counts: Counts) -> None:
    assert listed(page(client, "/propositions")) == counts
    of_issues: Counts = {}
    for issue in client.get("/api/issues", params={"limit": 1000}).json()["items"]:
        found = listed(page(client, f"/page/{issue['id'].rpartition('/id/')[2]}"))
        assert all(found[iri] == counts[iri] for iri in found)
        of_issues |= found
    assert of_issues == counts


def test_the_page_of_each_proposition(client: httpx2.Client, counts: Counts) -> None:
    """It counts in front of the names, and each name stands once."""
    for iri, wanted in counts.items():
        found = rows(page(client, f"/page/{iri.rpartition('/id/')[2]}"))
        numbers = {key: (number, row) for row in found for key, number in counted(row).items()}
        assert {key: number for key, (number, _) in numbers.items()} == wanted, iri
        for number, row in numbers.values():
            assert number == len(entries(row)) == row.count("<li>")


def test_what_is_contested(client: httpx2.Client, counts: Counts) -> None:
    answer = asked(client, "contested-propositions")
    columns = {"for": "for", "against": "against", "mixed": "conditional", "several": "differing"}
    both = {iri: numbers for iri, numbers in counts.items() if {"for", "against"} <= numbers.keys()}
    assert {row["proposition"]: positive({key: row[name] for key, name in columns.items()}) for row in answer} == both
    opening = page(client, "/").partition(web.words("en")["start.contested"])[2].partition("</section>")[0]
    assert listed(opening) == {row["proposition"]: both[row["proposition"]] for row in answer[:6]}


def test_what_a_search_finds(client: httpx2.Client, counts: Counts) -> None:
    found = listed(page(client, "/search", q="asylum", kind="propositions"))
    assert len(found) > 5
    assert found == {iri: counts[iri] for iri in found}


def test_the_questions_of_a_proposition(client: httpx2.Client, counts: Counts) -> None:
    """Who holds positions of the same time that diverge stands on several sides of them."""
    for iri, wanted in counts.items():
        by_kind = asked(client, "voices-by-kind-of-actor", proposition=iri)
        held: dict[str, set[int]] = {}
        for row in by_kind:
            held.setdefault(row["holder"], set()).add(row["agreement"])
        names: dict[tuple[int, ...], str] = {(1,): "for", (-1,): "against", (0,): "mixed"}
        assert Counter(names.get(tuple(sides), "several") for sides in held.values()) == wanted, iri
        standing: dict[str, set[str]] = {}
        for row in asked(client, "who-stands-where", proposition=iri):
            standing.setdefault(row["actor"], set()).add(KEYS[Status(row["status"])])
        keys = ("several" if len(sides) > 1 else next(iter(sides)) for sides in standing.values())
        assert positive({key: number for key, number in Counter(keys).items() if key in COLUMNS}) == wanted, iri


def test_each_page_tells_how_many_positions_do_not_count(client: httpx2.Client, matrix: dict[str, Any]) -> None:
    """Those that count and those that do not are all there are."""
    words = web.words("en")
    agreements = {
        one["id"]: one["agreement"] for one in client.get("/api/timeline", params={"all": "true"}).json()["positions"]
    }
    total: Counter[str] = Counter()
    for one in matrix["propositions"]:
        given = {"proposition": one["id"]}
        told = client.get("/api/matrix", params=given).json()
        count = {
            iri
            for cell in told["cells"]
            if cell["agreement"] is not None
            for iri in cell["positions"]
            if agreements[iri]
        }
        html = page(client, f"/page/{one['id'].rpartition('/id/')[2]}")
        text = html.partition('class="left-out">')[2].partition("</p>")[0]
        assert positive(told["left_out"]) == {
            reason: int(number)
            for reason in told["left_out"]
            for number in re.findall(rf"(\d+) {words[f'left-out.{reason}']}", text)
        }
        every = client.get("/api/positions", params={**given, "count": "true", "limit": 1}).json()["total"]
        assert len(count) + sum(told["left_out"].values()) == every
        total.update(told["left_out"])
    assert dict(total) == matrix["left_out"]
    listed_by_name = {(row["position"], row["reason"]) for row in asked(client, "positions-left-out-of-comparisons")}
    assert Counter(reason for _, reason in listed_by_name) == matrix["left_out"]
    assert all(matrix["left_out"][reason] for reason in ("partial", "unverified", "conditional"))
