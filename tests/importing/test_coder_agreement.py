"""Krippendorff's alpha against the example of his own paper, and in words."""

from __future__ import annotations

import pytest

from graph_service.catalogue.queries import QueryFile
from graph_service.errors import GraphServiceError
from graph_service.importing.coder_agreement import Metric, masi_distance, measure, report, report_by_proposition
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.conftest import ROOT

# Krippendorff (2011), section C: four observers, twelve units, codes missing.
TABLE = {
    "A": "123321412...",
    "B": "1233224125.3",
    "C": ".3332342251.",
    "D": "12332441251.",
}
CODES = {
    str(unit): {coder: float(values[unit]) for coder, values in TABLE.items() if values[unit] != "."}
    for unit in range(12)
}


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_published_example(metric: str, alpha: float) -> None:
    found = measure(CODES, Metric(metric))
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    assert found.coders == ("A", "B", "C", "D")
    assert found.units == 11  # one unit has a single code


def test_two_coders_binary_example() -> None:
    """Krippendorff (2011), section A: ten units, alpha 0.095."""
    pairs = zip("0100000010", "1110010000", strict=True)
    codes = {str(i): {"A": float(a), "B": float(b)} for i, (a, b) in enumerate(pairs)}
    assert measure(codes).alpha == pytest.approx(0.095, abs=0.0005)


def test_perfect_agreement_is_one_and_one_value_is_undefined() -> None:
    assert measure({"1": {"a": 1, "b": 1}, "2": {"a": 0, "b": 0}}).alpha == 1
    assert measure({"1": {"a": 1, "b": 1}, "2": {"a": 1, "b": 1}}).alpha is None


def test_sets_differ_by_what_they_share() -> None:
    """Passonneau (2006): monotonicity 1, 2/3, 1/3, 0 by Jaccard."""
    one = frozenset("ab")
    others = ("ab", "abcd", "bc", "c", "")
    assert [masi_distance(one, frozenset(other)) for other in others] == pytest.approx([0, 2 / 3, 8 / 9, 1, 1])
    codes = {"1": {"a": one, "b": one}, "2": {"a": one, "b": frozenset("abcd")}, "3": {"a": frozenset("c"), "b": one}}
    # Four times ab, once abcd, once c, which is a part of abcd. Observed: ab and abcd 2/3, ab and c 1, each both ways.
    observed, expected = 2 * (2 / 3 + 1), 2 * (4 * 2 / 3 + 4 * 1 + (1 - 2 / 3 / 4)) / (6 - 1)
    assert measure(codes, Metric.MASI).alpha == pytest.approx(1 - observed / expected)


def test_report_names_what_differs() -> None:
    rows = [{"position": p, "coder": f"x/{c}", "code": v} for p, c, v in (("p", "one", "1"), ("p", "two", "0"))]
    assert report([*rows, *({**row, "position": "q", "code": "1"} for row in rows)], Metric.NOMINAL).splitlines() == [
        "2 coders, 2 positions with at least two codes",
        "all codes equal: 50.0%",
        "Krippendorff's alpha (nominal): 0.000",
        "differs: p one=1, two=0",
    ]


def test_codes_of_one_coder_cannot_agree() -> None:
    with pytest.raises(GraphServiceError, match="two codes"):
        report([{"position": "p", "coder": "one", "code": "1"}], Metric.NOMINAL)


def test_worst_proposition_comes_first() -> None:
    coded = [("a", "p", "11"), ("b", "p", "10"), ("c", "q", "11"), ("d", "r", "1"), ("e", "", "10")]
    rows = [
        {"position": position, "proposition": f"x/{on}" if on else "", "coder": str(coder), "code": code}
        for position, on, codes in coded
        for coder, code in enumerate(codes)
    ]
    assert report_by_proposition(rows, Metric.NOMINAL).splitlines()[2:] == [
        "| `p` | 2 | 1 | 50.0% | 0.000 |",
        "| `q` | 1 | 0 | 100.0% |  |",
    ]
    with pytest.raises(GraphServiceError, match="two codes"):
        report_by_proposition(rows[-4:], Metric.NOMINAL)


def test_the_handbook_has_the_agreement_of_the_data(shipped_snapshot: Snapshot) -> None:
    """On each proposition, the worst first: what `graph-service agreement --by-proposition` says."""
    query = QueryFile(ROOT / "queries" / "evidence" / "codings.rq")
    rows = EmbeddedStore.open(shipped_snapshot.path).rows(query.text)
    table = report_by_proposition(rows, Metric.NOMINAL)
    assert len(table.splitlines()) > 50
    assert (ROOT / "docs" / "coding.md").read_text(encoding="utf-8").endswith(f"\n\n{table}\n")
