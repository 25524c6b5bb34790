"""The commands of docs/sparql.md run, and bring what they say."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from graph_service.http.protocol.problems import KINDS
from graph_service.rdf.formats import GRAPHS, RESULTS
from tests.conftest import ROOT
from tests.http.servers import Running

PAGE = (ROOT / "docs" / "sparql.md").read_text(encoding="utf-8")
SHELL: list[str] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("block", SHELL, ids=range(len(SHELL)))
def test_commands(server: Running, block: str) -> None:
    script = block.replace("localhost:8000", server.url.removeprefix("http://"))
    script = script.replace("https://w3id.org/migration-policy/graph/ontology", "http://example.org/one")
    result = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()
    if "If-None-Match" in block:
        assert result.stdout.strip() == "304"
    elif "SELECT * WHERE { ?s ?p }" in block:
        assert "query-syntax" in result.stdout
    else:
        assert "about:blank" not in result.stdout
        assert "/problem/" not in result.stdout


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL), ids=["wrapper", "rdflib"])
@pytest.mark.filterwarnings("ignore")
def test_programs(server: Running, block: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(block.replace("http://localhost:8000", server.url), {})
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_every_format_and_problem_is_told() -> None:
    for offer in (*RESULTS, *GRAPHS):
        assert f"`{offer.name}`" in PAGE
        assert offer.media_type in PAGE
    of_queries = {"query-syntax", "query-refused", "limit-exceeded", "query-timeout", "busy", "worker-lost", "internal"}
    for kind in KINDS.values():
        if kind.name in of_queries:
            assert re.search(rf"\| {kind.status} \| `{kind.name}`", PAGE), kind.name
