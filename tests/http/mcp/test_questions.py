"""An assistant's session answers ten questions of analysts: right positions, links that work, few tokens."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.http.mcp.assistants import Assistant, ToolAnswer, parts, session
from tests.http.processes import Served

QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))["question"]
CALLS, TOKENS = 6, 8000
FOLDER = "id/position/"
STANCES = {1: "agrees", -1: "disagrees", 0: "conditional, mixed or neutral"}
AGREEMENTS = """
PREFIX mp: <https://w3id.org/migration-policy/ontology#>
SELECT ?position ?agreement WHERE { ?position mp:agreement ?agreement }
"""


@pytest.fixture(scope="module")
def agreements(shipped_snapshot: Snapshot) -> dict[str, int]:
    """What the data state, asked for without any tool."""
    rows = EmbeddedStore.open(shipped_snapshot.path).rows(AGREEMENTS)
    start = f"{shipped_snapshot.manifest.base}{FOLDER}"
    return {row["position"].removeprefix(start): int(row["agreement"]) for row in rows}


def answered(service: Served, question: Any) -> list[ToolAnswer]:
    async def ask(assistant: Assistant) -> list[ToolAnswer]:
        answers: list[ToolAnswer] = []
        for call in question["calls"]:
            given = {name: value for name, value in call.items() if name != "tool"}
            for name, value in given.items():
                if isinstance(value, str) and value.startswith("$"):
                    given[name] = answers[-1].content[value[1:]]
            answers.append(await assistant.call(call["tool"], given))
        return answers

    return session(f"{service.url}mcp", ask)


def shown(answers: list[ToolAnswer]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The positions in answers, with what is said of each beside it."""
    for answer in answers:
        for part in parts(answer.content):
            name = part.get("id") or part.get("of") or ""
            if isinstance(name, str) and name.startswith(FOLDER):
                yield name.removeprefix(FOLDER), part


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """The cells of a row without its evidence."""
    return {name: cell for name, cell in row.items() if name != "evidence"}


def test_there_are_ten() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["asks"][:40] for question in QUESTIONS])
def test_a_question_of_analysts(service: Served, agreements: dict[str, int], question: Any) -> None:
    answers = answered(service, question)
    assert len(answers) <= CALLS
    assert sum(answer.tokens for answer in answers) <= TOKENS
    assert not [answer.text for answer in answers if answer.is_error]
    found: dict[str, list[dict[str, Any]]] = {}
    for name, part in shown(answers):
        found.setdefault(name, []).append(part)
    expected = question["positions"]
    assert (found.keys() == expected.keys()) if question.get("only") else (found.keys() >= expected.keys())
    for name, agreement in expected.items():
        assert agreements[name] == agreement, "the data state otherwise"
        for part in found[name]:
            assert part.get("stance", STANCES[agreement]) == STANCES[agreement]
            assert part.get("agreement", agreement) == agreement
            assert part["basis"] == "stated"
            assert part["passages"]
    cells = [part for answer in answers for part in parts(answer.content) if "actor" in part and "stance" in part]
    stances = {cell["actor"]: cell["stance"] for cell in cells}
    assert stances == question.get("stances", {})
    rows = [
        dict(zip(answer.content["columns"], row, strict=True))
        for answer in answers
        for row in answer.content.get("quoted_rows", ())
    ]
    for row in question.get("rows", ()):
        assert any(one.items() >= row.items() for one in map(plain, rows)), row
    check_links(service, answers)


def check_links(service: Served, answers: list[ToolAnswer]) -> None:
    """Every permalink answers, and from the edition that the answer names."""
    links = {(part["permalink"], answer.content["edition"]) for answer in answers for part in links_in(answer)}
    with service.client() as client:
        for link, edition in sorted(links):
            assert urlsplit(link).path.startswith(f"/edition/{edition[:16]}/")
            response = client.get(link)
            assert response.status_code == 200, link
            assert response.headers["x-dataset-digest"] == edition


def links_in(answer: ToolAnswer) -> list[dict[str, Any]]:
    return [part for part in parts(answer.content) if "permalink" in part]
