"""Which networks can be asked for, and how one is made of what the store answers.

What computes is imported by the functions that need it: numpy, scipy and networkx take a second to load, which a
start of the service is not to wait for.
"""

from __future__ import annotations

import asyncio
import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from graph_service.http.operations.operation import Call
from graph_service.http.operations.questions import Questions
from graph_service.views.labels import Labels

if TYPE_CHECKING:
    from graph_service.networks import Network, Specification, Statements

# What positions count if not all do.
_ANY = "mp:Position"
_OWN = ("id/source-kind/primary", "id/source-kind/primary-text-copy")


@dataclass(frozen=True)
class NetworkKind:
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
    NetworkKind(
        "actors",
        "actors",
        {"en": "Network of actors", "de": "Netzwerk der Akteure"},
        {
            "en": "Actors through the propositions they share; congruence, conflict, difference after Leifeld.",
            "de": "Akteure über gemeinsame Propositionen; Kongruenz, Konflikt, Differenz nach Leifeld.",
        },
    ),
    NetworkKind(
        "propositions",
        "concepts",
        {"en": "Network of propositions", "de": "Netzwerk der Propositionen"},
        {
            "en": "Propositions through the actors that speak on them.",
            "de": "Propositionen über die Akteure, die zu ihnen sprechen.",
        },
    ),
    NetworkKind(
        "affiliation",
        "two-mode",
        {"en": "Affiliation network", "de": "Zugehörigkeitsnetzwerk"},
        {
            "en": "Actors with propositions, bodies, documents or issues; or actors through what they share.",
            "de": "Akteure mit Propositionen, Gremien, Dokumenten oder Themen; oder Akteure über das, was sie teilen.",
        },
    ),
)


class NetworkBuilder:
    """Makes networks of what the store answers."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self._files = {name: questions.file(name) for name in ("statements", "places-in-bodies", "issues-spoken-on")}

    def specification(self, kind: NetworkKind, call: Call) -> Specification:
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

    def query(self, kind: NetworkKind, call: Call) -> str:
        """The query behind a network."""
        file = self._files[_file(call)]
        arguments = {name: values for name, values in call.arguments.items() if name in file.header.params}
        if call.flag("all") and "class" in file.header.params:
            arguments["class"] = [_ANY]
        if call.flag("own") and "source_kind" in file.header.params:
            arguments["source_kind"] = list(_OWN)
        return file.bind(arguments, self.questions.names)

    async def statements(self, kind: NetworkKind, call: Call) -> Statements:
        """The statements of a call, after all filters."""
        from graph_service.networks import Statements, affiliations, select
        from graph_service.networks.affiliation import by

        rows = await self.questions.rows(self.query(kind, call), call.request.client)
        since, until = (day(call.one(name)) for name in ("since", "until"))

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


def _file(call: Call) -> str:
    return {"body": "places-in-bodies", "issue": "issues-spoken-on"}.get(call.one("to"), "statements")


def day(text: str) -> datetime.date | None:
    """A day of a call, None where none is given."""
    return datetime.date.fromisoformat(text) if text else None
