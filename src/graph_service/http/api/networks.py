"""`/api/networks/…`: discourse and affiliation networks, at once or over time, in every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.errors import ParameterError
from graph_service.http.api import network_models, reasons
from graph_service.http.api import network_params as params
from graph_service.http.api.network_kinds import (
    KINDS,
    NetworkKind,
    day,
    left_out,
    query_behind,
    specification,
    statements,
)
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.writing import file_response, workbook_response
from graph_service.http.web.call import Call
from graph_service.http.web.media import CSV_EXCEL, SPARQL, XLSX
from graph_service.http.web.parameters import Texts
from graph_service.network_choices import CHEAP, Figure, Unit
from graph_service.rdf.csv_cells import of_excel
from graph_service.rdf.formats import EXCEL_NETWORKS, NETWORKS
from graph_service.rdf.workbooks import Sheet, check_size
from graph_service.views import tables

if TYPE_CHECKING:
    from graph_service.networks import Specification, Statements, Window
    from graph_service.networks.network import Network

Notes: TypeAlias = Mapping[str, str | int]


def add_routes(routes: APIRouter) -> None:
    """A network and its edges for each kind."""
    for kind in KINDS:
        _add(routes, kind)
        reasons.add_route(routes, kind)


def _add(routes: APIRouter, kind: NetworkKind) -> None:
    async def network_of(call: Call, arguments: Texts) -> Response:
        chosen = specification(kind, arguments)
        window = _window(arguments)
        if window is not None and call.format.name not in ("json", "gexf", "sparql"):
            hint = "Ask for one window with since and until."
            raise ParameterError("Networks over time come as JSON or GEXF.", hint=hint)
        if call.format is SPARQL:
            return call.response(query_behind(call.edition.questions, arguments).encode())
        found = await statements(call.edition.questions, arguments, call.client)
        notes = await _notes(call, arguments)
        if window is None:
            return await _network(call, found, chosen, arguments.get("figures") or CHEAP, notes)
        over_time = _dynamic if call.format.name == "gexf" else _over_time
        return call.response(await over_time(call, found, chosen, window, notes), call.query_link)

    operation = Operation(
        path=f"/networks/{kind.name}",
        name=f"network-of-{kind.name}",
        title=kind.title,
        description=kind.description,
        tag="networks",
        formats=(*NETWORKS, *EXCEL_NETWORKS, SPARQL),
        model=network_models.Network,
        params=params.of(kind.name),
    )
    add(routes, operation, network_of)


async def _network(
    call: Call, found: Statements, chosen: Specification, figures: Sequence[str], notes: Notes
) -> Response:
    from graph_service.networks import network, with_figures, write

    computed = with_figures(network(found, chosen), figures)
    labels = await call.edition.questions.label([], call.client, also=computed.names.tolist())
    named = {node: labels.text(node, call.language) for node in computed.names.tolist()}
    written = computed.with_words("label", named).with_attributes({}, **notes)
    if Figure.KIND in written.attributes:
        written = await _with_kinds(call, written)
    if call.format in EXCEL_NETWORKS:
        return await _for_excel(call, written)
    return call.response(b"".join(write(written, call.format.name)), call.query_link)


async def _with_kinds(call: Call, network: Network) -> Network:
    """The network with the kind of each actor in the place of `actor`; what is no actor, or of no kind, stays."""
    names = network.names.tolist()
    kinds = await _kinds(call, names)
    known = zip(names, network.attributes[Figure.KIND].tolist(), strict=True)
    return network.with_words(Figure.KIND, {name: kinds.get(name, kind) for name, kind in known})


async def _kinds(call: Call, names: list[str]) -> dict[str, str]:
    """The kinds of those that are actors, by their labels."""
    questions = call.edition.questions
    rows = await questions.about("kinds-of-actors", names, call.client)
    labels = await questions.label(rows, call.client)
    kinds: dict[str, list[str]] = {}
    for row in rows:
        kinds.setdefault(row["item"]["value"], []).append(labels.text(row["kind"]["value"], call.language))
    return {name: " | ".join(several) for name, several in kinds.items()}


async def _for_excel(call: Call, network: Network) -> Response:
    """Edges, nodes or matrix as CSV for Excel; as a workbook edges and nodes."""
    from graph_service.networks.formats import tables as network_tables

    if call.format is XLSX:
        check_size(len(network.attributes) + 1, network.edge_count)
        sheets = []
        for name in ("edges", "nodes"):
            columns, *rows = network_tables.ROWS[name](network)
            sheets.append(Sheet(name, columns, rows))
        return await workbook_response(sheets, call, call.query_link)
    name = "edges" if call.format is CSV_EXCEL else call.format.name.removesuffix("-excel")
    text = "".join(network_tables.csv(name, network, of_excel(call.asked or call.language)))
    return file_response(text.encode(), call, call.query_link)


async def _notes(call: Call, arguments: Texts) -> Notes:
    """What is said of a whole network: its data set, its query, and how many positions it leaves out and why."""
    numbers = await left_out(call.edition, arguments, call.client)
    about = {"dataset": call.edition.digest, "query": call.query_address}
    about |= {"affiliation": arguments.one("to")} if arguments.one("to") else {}
    return about | {f"left_out_{reason}": number for reason, number in numbers.items()}


async def _over_time(call: Call, found: Statements, chosen: Specification, window: Window, notes: Notes) -> bytes:
    """A network for each window, each with its days; nodes are listed once."""
    from graph_service.networks import networks_over_time

    windows: list[dict[str, Any]] = [
        {**computed.notes, "nodes": computed.names.tolist(), "edges": [edge._asdict() for edge in computed.edges()]}
        for _, computed in networks_over_time(found, chosen, window)
    ]
    shown = {node for one in windows for node in one["nodes"]}
    labels = await call.edition.questions.label([], call.client, also=shown)
    nodes = [{"id": node, "label": labels.text(node, call.language)} for node in sorted(shown)]
    content = {"directed": False, "multigraph": False, "graph": notes, "nodes": nodes, "windows": windows}
    return tables.to_json(content)


async def _dynamic(call: Call, found: Statements, chosen: Specification, window: Window, notes: Notes) -> bytes:
    """One dynamic graph of all windows, as GEXF."""
    from graph_service.networks import frames, networks_over_time
    from graph_service.networks.formats import gexf
    from graph_service.networks.formats.attributes import of_specification

    shown = list(frames(networks_over_time(found, chosen, window), window))
    names = sorted({name for _, _, network in shown for name in network.names.tolist()})
    labels = await call.edition.questions.label([], call.client, also=names)
    attributes = {
        "label": {name: labels.text(name, call.language) for name in names},
        Figure.KIND: await _kinds(call, names),
    }
    described = {**of_specification(chosen), "window": f"{window.size} {window.unit}", **notes}
    return "".join(gexf.over_time(shown, described, attributes)).encode()


def _window(arguments: Texts) -> Window | None:
    if not arguments.one("window"):
        return None
    from graph_service.networks import Window

    since, until = (day(arguments.one(name)) for name in ("since", "until"))
    size, step = int(arguments.one("window")), int(arguments.one("step"))
    return Window(size, Unit(arguments.one("unit")), step, since, until)
