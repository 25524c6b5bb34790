"""`docs/assistants.md` names what there is, and its examples run."""

from __future__ import annotations

import json
import re
import shlex
import subprocess

import pytest

from graph_service.http.mcp.answers import MOST
from graph_service.http.mcp.tools import TOOLS
from tests.conftest import ROOT
from tests.http.mcp.test_questions import QUESTIONS
from tests.http.processes import Served

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGE = (ROOT / "docs" / "assistants.md").read_text(encoding="utf-8")


def test_the_tools_and_questions_are_those_there_are() -> None:
    section = PAGE.partition("## The tools")[2].partition("##")[0]
    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == [tool.name for tool in TOOLS]
    assert re.findall(r"^\d+\. (.*)$", PAGE, re.MULTILINE) == [question["asks"] for question in QUESTIONS]
    assert f"at most {MOST // 1000} kB" in PAGE


def test_the_settings_of_clients_are_json() -> None:
    blocks = [text for language, text in BLOCK.findall(PAGE) if language == "json"]
    assert len(blocks) == 2
    assert all(json.loads(block)["mcpServers"] for block in blocks)


def test_the_call_by_hand(service: Served) -> None:
    (block,) = (text for _, text in BLOCK.findall(PAGE) if text.startswith("curl"))
    done = subprocess.run(
        shlex.split(block.replace("\\\n", " ").replace("http://127.0.0.1:8000/", service.url)),
        capture_output=True,
        check=True,
    )
    assert "classes" in json.loads(done.stdout)["result"]["content"][0]["text"]


def test_the_program(service: Served, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = (text for language, text in BLOCK.findall(PAGE) if language == "python")
    exec(block.replace("http://127.0.0.1:8000/", service.url), {})
    assert len(json.loads(capsys.readouterr().out)["positions"]) == 2
