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
    (tmp_path / "shapes.ttl").write_text(shapes, encoding="utf-8")
    (tmp_path / "data.ttl").write_text("<urn:a> a <urn:C> .", encoding="utf-8")
    build = BuildSettings((tmp_path / "shapes.ttl",), (tmp_path / "data.ttl",), snapshots=tmp_path / "snapshots")
    (message,) = Lines().feed(WorkshopOrder(build, RouteSettings()).encode())
    order = WorkshopOrder.decode(message)
    assert order.build == build
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert list(Workshop(ours, order).outcome()) == ["refused"]
