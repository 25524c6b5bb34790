"""What the page and the picture of the network show: nodes, edges and communities of one call, kept for the next one.

What computes is imported by the functions that need it, as in `api.network_kinds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph_service.errors import ParameterError
from graph_service.http.api.network_kinds import KINDS, day, query_behind, specification, statements
from graph_service.http.protocol.cache import Recent
from graph_service.http.web.parameters import Texts
from graph_service.network_choices import Measure
from graph_service.pages.network_page.network_drawing import Drawing
from graph_service.pages.visit import Visit

if TYPE_CHECKING:
    from graph_service.networks import Edge, Statements
    from graph_service.networks.communities import Community

# What is drawn at most.
MOST_NODES = 300
_MOST_LINES = 400
# Communities are found in networks with no more edges than so many nodes can have.
_MOST_TIES = MOST_NODES * (MOST_NODES - 1) // 2
_KEPT = 16
KIND = KINDS[0]
SPANS = ("1", "2", "4", "8")
# Parameters of the API's networks that the page takes as well.
TAKEN = (
    "measure", "normalisation", "duplicates", "isolates", "minimum", "since", "until", "actor_kind", "issue",
    "source_kind", "own", "all",
)  # fmt: skip


@dataclass(frozen=True)
class FoundNetwork:
    """The network of a call.

    Attributes:
        asked: the arguments, with the days of the years that are asked for.
        years: in which the statements were made, whatever days are asked for.
        nodes: sorted by IRI.
        edges: the strongest first.
        lines: those that are drawn; none of a network that is too large.
        communities: of what is drawn.
        strengths: the sum of the absolute numbers of each node.
        drawings: by language, as they come to be made.
    """

    asked: Texts
    years: Sequence[int]
    nodes: Sequence[str]
    edges: Sequence[Edge]
    lines: Sequence[Edge] = ()
    communities: Sequence[Community] = ()
    strengths: Mapping[str, float] = field(default_factory=dict)
    drawings: dict[str, Drawing] = field(default_factory=dict)

    @property
    def same(self) -> dict[str, list[str]]:
        """The arguments that the API takes for the same network."""
        return {name: values for name, values in self.asked.items() if name in TAKEN}

    @property
    def concepts(self) -> list[str]:
        """What communities share."""
        return [group.shared.concept for group in self.communities if group.shared]

    def windows(self, span: int) -> list[tuple[int, int]]:
        """First and last year of each stretch of so many years, or of all there are."""
        if not self.years:
            return []
        first, last = self.years[0], self.years[-1]
        return [(year, year + span - 1) for year in range(first, max(last - span + 1, first) + 1)]


class _Memory:
    """What is kept for a data set: the last few statements, since measures change more often, and networks."""

    def __init__(self) -> None:
        self.statements: Recent[str, Statements] = Recent(_KEPT)
        self.networks: Recent[tuple[tuple[str, tuple[str, ...]], ...], FoundNetwork] = Recent(_KEPT)


async def found_network(visit: Visit) -> FoundNetwork:
    """The network that a visit asks for.

    Raises:
        ParameterError: choices do not go together.
    """
    kept = visit.edition.remembered("networks", _Memory).networks
    key = tuple(sorted((name, tuple(values)) for name, values in visit.arguments.items() if name != "sort"))
    found = kept.get(key)
    if found is None:
        found = await _found(visit)
        if found.lines or not found.nodes:
            kept.put(key, found)
    return found


async def statements_of(visit: Visit, asked: Texts) -> Statements:
    """The statements of a call."""
    from graph_service.networks import select

    since, until = (day(asked.one(name)) for name in ("since", "until"))
    return select(await _all_days(visit), since=since, until=until)


async def _all_days(visit: Visit) -> Statements:
    """Those of all days, of which the last few are kept."""
    kept = visit.edition.remembered("networks", _Memory).statements
    key = query_behind(visit.questions, visit.arguments)
    found = kept.get(key)
    if found is None:
        undated = Texts({name: one for name, one in visit.arguments.items() if name not in ("since", "until")})
        found = await statements(visit.questions, undated, visit.client)
        kept.put(key, found)
    return found


async def _found(visit: Visit) -> FoundNetwork:
    from graph_service.networks import network as network_of
    from graph_service.networks.communities import communities

    asked = _with_days(visit)
    computed = network_of(await statements_of(visit, asked), specification(KIND, asked))
    ego = visit.one("ego")
    edges = list(computed.edges())
    if ego:
        edges = _around(visit.show.names.expand(ego), int(visit.one("depth")), edges)
    edges.sort(key=lambda edge: (-abs(edge.weight), edge.source, edge.target))
    # Without an edge there are only nodes that were asked to stay.
    alone = () if ego else computed.names.tolist()
    nodes = sorted({end for edge in edges for end in edge[:2]}.union(alone))
    years = _years(await _all_days(visit))
    if not edges or len(nodes) > MOST_NODES:
        return FoundNetwork(asked, years, nodes, edges)
    strengths = dict.fromkeys(nodes, 0.0)
    for edge in edges:
        for end in edge[:2]:
            strengths[end] += abs(edge.weight)
    # Who only disputes with each other is no community.
    tied = visit.one("measure") != Measure.CONFLICT and computed.edge_count <= _MOST_TIES
    groups = communities(computed) if tied else []
    near = [group for group in groups if set(group.members) & set(nodes)]
    return FoundNetwork(asked, years, nodes, edges, edges[:_MOST_LINES], near, strengths)


def _with_days(visit: Visit) -> Texts:
    """The arguments with the days of the years that are asked for, within those of `since` and `until`."""
    asked = Texts(visit.arguments)
    if visit.one("year"):
        year, span = int(visit.one("year")), int(visit.one("span"))
        if not 1 <= year <= 9000:
            raise ParameterError(f"There is no year {year}.", hint="For example: 2021")
        first, last = f"{year:04}-01-01", f"{year + span - 1:04}-12-31"
        asked["since"] = [max(first, asked.one("since"))]
        asked["until"] = [min(last, asked.one("until") or last)]
    return asked


def _years(statements: Statements) -> list[int]:
    from graph_service.networks.table import days

    dated = statements.first != days.NEVER_BEGINS
    if not dated.any():
        return []
    first, last = days.date(int(statements.first[dated].min())), days.date(int(statements.last[dated].max()))
    return list(range(first.year, last.year + 1))


def _around(ego: str, depth: int, edges: Sequence[Edge]) -> list[Edge]:
    """The edges among the actors that are so many steps away."""
    near = {ego}
    for _ in range(depth):
        near |= {end for edge in edges if edge.source in near or edge.target in near for end in edge[:2]}
    return [edge for edge in edges if edge.source in near and edge.target in near]
