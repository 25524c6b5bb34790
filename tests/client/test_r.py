"""docs/r/positions.R reads what the service answers, and counts what it counts."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import httpx2
import pytest

from tests.conftest import ROOT
from tests.http.processes import Served

SCRIPT = ROOT / "docs" / "r" / "positions.R"
ADDRESSES = re.findall(r'"(/api/[^"]+)"', SCRIPT.read_text(encoding="utf-8"))


def rows_at(visitor: httpx2.Client, address: str) -> list[dict[str, str]]:
    answer = visitor.get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


def test_tables_are_what_read_csv_expects(visitor: httpx2.Client) -> None:
    """A name for each column, as many cells in each row, dates or nothing; so it is tested where R is absent, too."""
    assert len(ADDRESSES) == 2
    for address in ADDRESSES:
        rows = rows_at(visitor, address)
        assert len(rows) > 10
        assert all(re.fullmatch(r"[a-z][a-z_]*", name) for name in rows[0])
        for row in rows:
            assert None not in row
            assert None not in row.values()
            assert {"agreement", "actor_label"} <= row.keys()
            assert row["agreement"] == "" or -1 <= float(row["agreement"]) <= 1
            if row["from"]:
                date.fromisoformat(row["from"])


def test_the_script_counts_what_the_api_counts(service: Served, visitor: httpx2.Client, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is absent: apt-get install r-base-core")
    chart = tmp_path / "chart.pdf"
    done = subprocess.run(
        ["Rscript", SCRIPT, service.url.rstrip("/"), chart], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    table = done.stdout[done.stdout.index("figure,value") :]
    figures = {row["figure"]: int(row["value"]) for row in csv.DictReader(io.StringIO(table))}
    timeline, matrix = (rows_at(visitor, address) for address in ADDRESSES)
    spd = [cell for cell in matrix if cell["actor_label"] == "SPD" and float(cell["agreement"] or 0) != 0]
    total = visitor.get("/api/positions?issue=asylum&facets=holder&limit=1").json()["facets"]["holder"]
    assert figures == {
        "positions": len(timeline),
        "dated": sum(bool(row["from"]) for row in timeline),
        "cells": len(matrix),
        "agrees": Counter(row["status"] for row in matrix)["agrees"],
        "SPD with itself": len(spd),
        "actors in SPARQL": len(total),
        "positions in SPARQL": sum(one["count"] for one in total),
    }
    assert chart.read_bytes().startswith(b"%PDF")
