"""The kinds of networks that the API offers, and how each is computed from the store's answers.

What computes is imported by the functions that need it: numpy, scipy and networkx take a second to load, which a
start of the service is not to wait for.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from graph_service.http.protocol.cache import Recent
from graph_service.http.web.edition import Edition
from graph_service.http.web.parameters import Texts
from graph_service.views.comparing.coded_positions import LeftOut
from graph_service.views.questions import Questions

if TYPE_CHECKING:
    from graph_service.networks import Specification, Statements

# What positions count if not all do.
_ANY = {"class": ["mp:Position"], "least": ["0"]}
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
            "de": "Akteure über gemeinsame Thesen; Kongruenz, Konflikt, Differenz nach Leifeld.",
        },
    ),
    NetworkKind(
        "propositions",
        "concepts",
        {"en": "Network of propositions", "de": "Netzwerk der Thesen"},
        {
            "en": "Propositions through the actors that speak on them.",
            "de": "Thesen über die Akteure, die zu ihnen sprechen.",
        },
    ),
    NetworkKind(
        "affiliation",
        "two-mode",
        {"en": "Affiliation network", "de": "Zugehörigkeitsnetzwerk"},
        {
            "en": "Actors with propositions, bodies, documents or issues; or actors through what they share.",
            "de": "Akteure mit Thesen, Gremien, Dokumenten oder Themen; oder Akteure über das, was sie teilen.",
        },
    ),
)


def specification(kind: NetworkKind, arguments: Texts) -> Specification:
    """The choices of a call.

    Raises:
        ParameterError: they do not go together.
    """
    from graph_service.networks import Specification

    return Specification(
        mode=arguments.one("mode") or kind.mode,  # type: ignore[arg-type]
        measure=arguments.one("measure"),  # type: ignore[arg-type]
        normalisation=arguments.one("normalisation"),  # type: ignore[arg-type]
        duplicates=arguments.one("duplicates"),  # type: ignore[arg-type]
        isolates=arguments.one("isolates"),  # type: ignore[arg-type]
        minimum=float(Decimal(arguments.one("minimum"))),
        limit=int(arguments.one("limit")) if arguments.one("limit") else None,
    )


def query_behind(questions: Questions, arguments: Texts) -> str:
    """The query behind a network."""
    file = questions.file(_FILES.get(arguments.one("to"), "statements"))
    bound = {name: values for name, values in arguments.items() if name in file.header.params}
    if arguments.flag("all"):
        bound |= {name: values for name, values in _ANY.items() if name in file.header.params}
    if arguments.flag("own") and "source_kind" in file.header.params:
        bound["source_kind"] = list(_OWN)
    return file.bind(bound, questions.names)


async def statements(questions: Questions, arguments: Texts, client: str) -> Statements:
    """The statements of a call, after all filters."""
    from graph_service.networks import Statements, affiliations, select
    from graph_service.networks.computing.affiliation import by

    rows = await questions.rows(query_behind(questions, arguments), client)
    since, until = (day(arguments.one(name)) for name in ("since", "until"))
    plain = ({name: binding["value"] for name, binding in row.items()} for row in rows)
    to = arguments.one("to") or "proposition"
    recorded = affiliations(plain, to=to) if to in ("body", "issue") else Statements.from_rows(plain)
    chosen = select(recorded, since=since, until=until)
    return by(chosen, "document") if to == "document" else chosen


class _LeftOutMemory:
    """The last few answers on what networks leave out: measures and formats change more often than filters."""

    def __init__(self) -> None:
        self.numbers: Recent[str, dict[str, int]] = Recent(_KEPT)


async def left_out(edition: Edition, arguments: Texts, client: str) -> dict[str, int]:
    """How many positions a network leaves out, by reason; empty where all count, or none says for or against."""
    if arguments.flag("all") or arguments.one("to") in _FILES:
        return {}
    file = edition.questions.file("statements-left-out")
    bound = {name: values for name, values in arguments.items() if name in file.header.params}
    if arguments.flag("own"):
        bound["source_kind"] = list(_OWN)
    query = file.bind(bound, edition.names)
    kept = edition.remembered("left-out-of-networks", _LeftOutMemory).numbers
    numbers = kept.get(query)
    if numbers is None:
        rows = await edition.questions.rows(query, client)
        found = {row["reason"]["value"]: int(row["count"]["value"]) for row in rows}
        numbers = {reason: found.get(reason, 0) for reason in _REASONS}
        kept.put(query, numbers)
    return numbers


_KEPT = 16
_REASONS = (LeftOut.PARTIAL, LeftOut.UNVERIFIED, LeftOut.CONDITIONAL)
_FILES = {"body": "places-in-bodies", "issue": "issues-spoken-on"}


def day(text: str) -> datetime.date | None:
    """A day of a call, None where none is given."""
    return datetime.date.fromisoformat(text) if text else None
