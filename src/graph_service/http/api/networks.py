"""`/api/networks/…`: discourse and affiliation networks, at once or over time, in every format."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from graph_service.errors import ParameterError
from graph_service.http.api import network_params as params
from graph_service.http.api.network_kinds import KINDS, NetworkBuilder, NetworkKind, day
from graph_service.http.api.reasons import edge
from graph_service.http.api.shapes import NETWORK
from graph_service.http.operations.media import JSON, SPARQL
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.questions import Questions
from graph_service.http.operations.writing import query_address, query_link, text
from graph_service.networks.choices import CHEAP, Unit
from graph_service.rdf.formats import NETWORKS
from graph_service.views import tables

if TYPE_CHECKING:
    from graph_service.networks import Network, Specification, Statements, Window


def operations(questions: Questions) -> Iterator[Operation]:
    """A network and its edges for each kind."""
    maker = NetworkBuilder(questions)
    for kind in KINDS:
        yield _operation(kind, maker)
        yield edge(kind, maker)


def _operation(kind: NetworkKind, maker: NetworkBuilder) -> Operation:
    def answer(call: Call) -> DeferredAnswer:
        specification = maker.specification(kind, call)
        window = _window(call)
        if window is not None and call.format.name not in ("json", "sparql"):
            raise ParameterError("Networks over time come as JSON.", hint="Ask for one window with since and until.")
        if call.format is SPARQL:
            query = maker.query(kind, call)
            return DeferredAnswer(lambda: text(query))
        return DeferredAnswer(lambda: _made(kind, call, maker, specification, window), query_link(call))

    return Operation(
        path=f"/api/networks/{kind.name}",
        name=f"network-of-{kind.name}",
        title=kind.title,
        description=kind.description,
        tag="networks",
        formats=(*NETWORKS, SPARQL),
        answer=answer,
        params=params.of(kind.name),
        schemas={JSON.media_type: NETWORK},
    )


async def _made(
    kind: NetworkKind, call: Call, maker: NetworkBuilder, specification: Specification, window: Window | None
) -> RenderedAnswer:
    statements = await maker.statements(kind, call)
    if window is not None:
        return await _over_time(statements, specification, window, call, maker)
    from graph_service.networks import network, with_figures, write

    figures = call.arguments.get("figures") or CHEAP

    def compute() -> Network:
        return with_figures(network(statements, specification), figures)

    made = await asyncio.to_thread(compute)
    labels = await maker.labels(made, call)
    notes = {"dataset": maker.questions.store.digest, "query": query_address(call)}
    notes |= {"affiliation": call.one("to")} if call.one("to") else {}
    named = {node: labels.text(node, call.language) for node in made.names.tolist()}
    written = made.with_words("label", named).with_attributes({}, **notes)
    return RenderedAnswer(await asyncio.to_thread(lambda: b"".join(write(written, call.format.name))))


async def _over_time(
    statements: Statements, specification: Specification, window: Window, call: Call, maker: NetworkBuilder
) -> RenderedAnswer:
    """A network for each window, each with its days; nodes are told once."""
    from graph_service.networks import networks_over_time

    def compute() -> list[dict[str, Any]]:
        return [
            {
                "midpoint": midpoint.isoformat(),
                "since": made.notes["since"],
                "until": made.notes["until"],
                "nodes": made.names.tolist(),
                "edges": [edge._asdict() for edge in made.edges()],
            }
            for midpoint, made in networks_over_time(statements, specification, window)
        ]

    windows = await asyncio.to_thread(compute)
    shown = {node for one in windows for node in one["nodes"]}
    labels = await maker.questions.label([], call.request.client, also=shown)
    graph = {"dataset": maker.questions.store.digest, "query": query_address(call)}
    nodes = [{"id": node, "label": labels.text(node, call.language)} for node in sorted(shown)]
    content = {"directed": False, "multigraph": False, "graph": graph, "nodes": nodes, "windows": windows}
    write_all: Callable[[], bytes] = lambda: tables.to_json(content)  # noqa: E731 - a name for the thread's work
    return RenderedAnswer(await asyncio.to_thread(write_all))


def _window(call: Call) -> Window | None:
    if not call.one("window"):
        return None
    from graph_service.networks import Window

    since, until = (day(call.one(name)) for name in ("since", "until"))
    return Window(int(call.one("window")), Unit(call.one("unit")), int(call.one("step")), since, until)
