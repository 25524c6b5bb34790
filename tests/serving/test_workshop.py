"""The workshop of `serve --live` refuses what cannot be built, whatever it is, and goes on."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.workshop import Workshop
from graph_service.serving.workshop_order import WorkshopOrder
from graph_service.settings import BuildSettings
from graph_service.workers.wire import Lines

TARGET = "<urn:s> <http://www.w3.org/ns/shacl#targetClass> <urn:C> ; <http://www.w3.org/ns/shacl#property> <urn:p> . "


@pytest.mark.parametrize(
    "shapes",
    ["this is no Turtle", f"{TARGET} <urn:p> <http://www.w3.org/ns/shacl#path> 'no path' ."],
    ids=["no Turtle", "no shapes"],
)
def test_broken_shapes_are_refused(tmp_path: Path, shapes: str) -> None:
    (message,) = refused(tmp_path, shapes, "<urn:a> a <urn:C> .")
    assert message


def test_what_is_refused_is_told_with_its_first_findings(tmp_path: Path) -> None:
    shapes = f"{TARGET} <urn:p> <http://www.w3.org/ns/shacl#path> <urn:q> ; <http://www.w3.org/ns/shacl#minCount> 1 ."
    said = refused(tmp_path, shapes, "\n".join(f"<urn:a{number:03}> a <urn:C> ." for number in range(300)))
    assert "300 rules" in said[0]
    assert "data.ttl:1: urn:a000" in said[1]
    assert said[-1] == "and 280 more"


def test_what_is_told_is_bounded(tmp_path: Path) -> None:
    """Who listens reads lines of limited length."""
    said = refused(tmp_path, f"{TARGET} <urn:p> <http://www.w3.org/ns/shacl#path> <urn:q> .", "\U0001f4a5" * 100_000)
    assert 1000 < len("\n".join(said)) < 10_000


def refused(tmp_path: Path, shapes: str, data: str) -> list[str]:
    """The lines that the workshop has to say of shapes and data that cannot be built."""
    (tmp_path / "shapes.ttl").write_text(shapes, encoding="utf-8")
    (tmp_path / "data.ttl").write_text(data, encoding="utf-8")
    build = BuildSettings((tmp_path / "shapes.ttl",), (tmp_path / "data.ttl",), snapshots=tmp_path / "snapshots")
    (message,) = Lines().feed(WorkshopOrder(build, RouteSettings()).encode())
    order = WorkshopOrder.decode(message)
    assert order.build == build
    ours, theirs = socket.socketpair()
    with ours, theirs:
        outcome = Workshop(ours, order).outcome()
    assert list(outcome) == ["refused"]
    return str(outcome["refused"]).split("\n")
