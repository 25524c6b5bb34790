"""`/api/networks/…`: discourse and affiliation networks, and the statements behind each number.

What computes is imported by the functions that need it: numpy, scipy and networkx take a second to load, which a
start of the service is not to wait for.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graph_service import tables
from graph_service.errors import ParameterError
from graph_service.formats import NETWORKS
from graph_service.http.api import network_params as params
from graph_service.http.api.media import JSON, SPARQL
from graph_service.http.api.operations import Call, Made, Operation, Work
from graph_service.http.api.questions import Questions
from graph_service.http.api.reasons import edge
from graph_service.http.api.shapes import NETWORK
from graph_service.http.api.writing import query_address, query_link, text
from graph_service.labels import Labels
from graph_service.network_choices import CHEAP, Unit

if TYPE_CHECKING:
    from graph_service.networks import Network, Specification, Statements, Window

# What positions count if not all do.
_ANY = "mp:Position"
_OWN = ("id/source-kind/primary", "id/source-kind/primary-text-copy")


@dataclass(frozen=True)
class Kind:
    """A kind of network.

    Attributes:
        name: part of the address.
        mode: what its nodes are, unless the call says so.
        title, description: by language tag.
    """

    name: str
    mode: str
    title: dict[str, str]
    description: dict[str, str]


KINDS = (
    Kind(
        "actors",
        "actors",
        {"en": "Network of actors", "de": "Netzwerk der Akteure"},
        {
            "en": "Actors through the propositions they share; congruence, conflict, difference after Leifeld.",
            "de": "Akteure über gemeinsame Propositionen; Kongruenz, Konflikt, Differenz nach Leifeld.",
        },
    ),
    Kind(
        "propositions",
        "concepts",
        {"en": "Network of propositions", "de": "Netzwerk der Propositionen"},
        {
            "en": "Propositions through the actors that speak on them.",
            "de": "Propositionen über die Akteure, die zu ihnen sprechen.",
        },
    ),
    Kind(
        "affiliation",
        "two-mode",
        {"en": "Affiliation network", "de": "Zugehörigkeitsnetzwerk"},
        {
            "en": "Actors with propositions, bodies, documents or issues; or actors through what they share.",
            "de": "Akteure mit Propositionen, Gremien, Dokumenten oder Themen; oder Akteure über das, was sie teilen.",
        },
    ),
)


def operations(questions: Questions) -> Iterator[Operation]:
    """A network and its edges for each kind."""
    maker = Maker(questions)
    for kind in KINDS:
        yield _operation(kind, maker)
        yield edge(kind, maker)


def _operation(kind: Kind, maker: Maker) -> Operation:
    def answer(call: Call) -> Work:
        specification = maker.specification(kind, call)
        window = _window(call)
        if window is not None and call.format.name not in ("json", "sparql"):
            raise ParameterError("Networks over time come as JSON.", mend="Ask for one window with since and until.")
        if call.format is SPARQL:
            query = maker.query(kind, call)
            return Work(lambda: text(query))
        return Work(lambda: _made(kind, call, maker, specification, window), query_link(call))

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


class Maker:
    """Makes networks of what the store answers."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self._files = {name: questions.file(name) for name in ("statements", "places-in-bodies", "issues-spoken-on")}

    def specification(self, kind: Kind, call: Call) -> Specification:
        """The choices of a call.

        Raises:
            ParameterError: they do not go together.
        """
        from graph_service.networks import Specification

        return Specification(
            mode=call.one("mode") or kind.mode,  # type: ignore[arg-type]
            measure=call.one("measure"),  # type: ignore[arg-type]
            normalisation=call.one("normalisation"),  # type: ignore[arg-type]
            duplicates=call.one("duplicates"),  # type: ignore[arg-type]
            isolates=call.one("isolates"),  # type: ignore[arg-type]
            minimum=float(Decimal(call.one("minimum"))),
            limit=int(call.one("limit")) if call.one("limit") else None,
        )

    def query(self, kind: Kind, call: Call) -> str:
        """The query behind a network."""
        file = self._files[_file(call)]
        arguments = {name: values for name, values in call.arguments.items() if name in file.header.params}
        if call.flag("all") and "class" in file.header.params:
            arguments["class"] = [_ANY]
        if call.flag("own") and "source_kind" in file.header.params:
            arguments["source_kind"] = list(_OWN)
        return file.bind(arguments, self.questions.names)

    async def statements(self, kind: Kind, call: Call) -> Statements:
        """The statements of a call, after all filters."""
        from graph_service.networks import Statements, affiliations, select
        from graph_service.networks.affiliation import by

        rows = await self.questions.rows(self.query(kind, call), call.request.client)
        since, until = (_day(call.one(name)) for name in ("since", "until"))

        def read() -> Statements:
            plain = ({name: binding["value"] for name, binding in row.items()} for row in rows)
            to = call.one("to") or "proposition"
            made = affiliations(plain, to=to) if to in ("body", "issue") else Statements.from_rows(plain)
            chosen = select(made, since=since, until=until)
            return by(chosen, "document") if to == "document" else chosen

        return await asyncio.to_thread(read)

    async def labels(self, made: Network, call: Call) -> Labels:
        """Labels of the nodes."""
        return await self.questions.label([], call.request.client, also=made.names.tolist())


async def _made(kind: Kind, call: Call, maker: Maker, specification: Specification, window: Window | None) -> Made:
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
    return Made(await asyncio.to_thread(lambda: b"".join(write(written, call.format.name))))


async def _over_time(
    statements: Statements, specification: Specification, window: Window, call: Call, maker: Maker
) -> Made:
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
    return Made(await asyncio.to_thread(write_all))


def _file(call: Call) -> str:
    return {"body": "places-in-bodies", "issue": "issues-spoken-on"}.get(call.one("to"), "statements")


def _window(call: Call) -> Window | None:
    if not call.one("window"):
        return None
    from graph_service.networks import Window

    since, until = (_day(call.one(name)) for name in ("since", "until"))
    return Window(int(call.one("window")), Unit(call.one("unit")), int(call.one("step")), since, until)


def _day(text_: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text_) if text_ else None
