"""The examples of docs/dashboards.md are run as they stand there."""

from __future__ import annotations

import html
import json
import re
import shlex
import warnings
from pathlib import Path
from typing import Any

import httpx2
import matplotlib
import networkx as nx
import pytest

from tests.conftest import ROOT
from tests.http.servers import Running

PAGE = (ROOT / "docs" / "dashboards.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)( pandas)?\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PYTHON = [(text, bool(pandas)) for kind, pandas, text in BLOCKS if kind == "python"]


def block(kind: str) -> str:
    (found,) = [text for one, _, text in BLOCKS if one == kind]
    return str(found)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("text", "needs_pandas"), PYTHON)
def test_python(
    text: str,
    needs_pandas: bool,
    server: Running,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    if needs_pandas:
        matplotlib.use("agg")
        monkeypatch.chdir(tmp_path)
    known: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text.replace("http://localhost:8000", server.url), "dashboards.md", "exec"), known)
    if "chart" in known:
        assert isinstance(known["chart"], list)
        assert len(known["chart"]) > 10
        assert any("+" in line for line in known["chart"])
        assert any("−" in line for line in known["chart"])
    if needs_pandas:
        assert known["matrix"].shape[0] > 10
        assert {-1.0, 0.0, 1.0} <= set(known["matrix"].stack().dropna())
        assert (tmp_path / "matrix.png").stat().st_size > 10_000
    else:
        assert capsys.readouterr().out.strip()


def test_grafana_finds_its_columns(client: httpx2.Client, server: Running) -> None:
    settings = json.loads(block("json"))
    told = client.get(settings["url"].replace("http://localhost:8000", server.url)).json()[settings["root_selector"]]
    assert len(told) > 10
    for column in settings["columns"]:
        value = told[0]
        for part in column["selector"].split("."):
            value = value[part]
        assert isinstance(value, int if column["type"] == "number" else str)


def test_gephi_gets_typed_attributes(client: httpx2.Client, server: Running) -> None:
    address = shlex.split(block("sh"))[-1].replace("http://localhost:8000", server.url)
    graph = nx.parse_graphml(client.get(address).text)
    assert graph.number_of_edges() > 10
    for _, about in graph.nodes(data=True):
        assert isinstance(about["label"], str)
        assert isinstance(about["statements"], int)
        assert isinstance(about["community"], int)
    assert all(isinstance(about["weight"], float) for _, _, about in graph.edges(data=True))


def test_every_address_in_the_page_answers(client: httpx2.Client, server: Running) -> None:
    for address in re.findall(r"`(/(?:api|docs|openapi)[^` ]*)`", PAGE):
        assert client.get(address).status_code in (200, 422), address


def test_the_page_of_the_operations_shows_the_chart_for_its_own_address(client: httpx2.Client, server: Running) -> None:
    (chart,) = [text for text, needs_pandas in PYTHON if needs_pandas]
    shown = html.unescape(client.get("/docs", params={"lang": "en"}).text)
    assert chart.strip().replace("http://localhost:8000", server.url) in shown
