"""The matrix: who stands where on what, at a glance; the answer of `/api/matrix` for readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.api.comparing import ALL, FILTERS
from graph_service.http.protocol.cache import Recent
from graph_service.pages.choices import choices_of
from graph_service.pages.comparison.comparing import common_facts, stances_of
from graph_service.pages.comparison.seriation import ordered
from graph_service.pages.stances.standings import KEYS, counts_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.comparing.coded_positions import LeftOut
from graph_service.views.comparing.comparison import Stances, Status, count_left_out
from graph_service.views.short_names import shortened

KIND = Parameter(
    type=Type.IRI,
    of="id/scheme/actor-kinds",
    title={"en": "Only actors of this kind", "de": "Nur Akteure dieser Art"},
)
LEAST = Parameter(
    type=Type.INTEGER,
    values=("0", "1", "2", "3", "5"),
    default="2",
    title={
        "en": "Only propositions on which at least so many actors take a side; 0 also shows what is empty",
        "de": "Nur Thesen mit mindestens so vielen Akteuren, die Stellung beziehen; 0 zeigt auch Leeres",
    },
)
PARAMS = {
    "actor_kind": KIND,
    **{name: FILTERS[name] for name in FILTERS if name != "proposition"},
    "least": LEAST,
    "all": ALL,
}
_SIDES = {Status.AGREES, Status.DISAGREES, Status.NEUTRAL, Status.SEVERAL}
_KEPT = 16
# Characters of a name above a column.
_HEAD = 22


@dataclass(frozen=True)
class MatrixContent:
    """A matrix as it is shown.

    Attributes:
        actors: the columns, in their order.
        rows: propositions in their order, each with how each actor stands, by the names of `KEYS`.
        counts: how many actors stand how, by proposition.
        left_out: how many positions count neither for nor against, by reason.
        hidden: how many propositions and actors have too little to be shown.
    """

    actors: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    counts: Mapping[str, Mapping[str, int]]
    left_out: Mapping[LeftOut, int]
    hidden: tuple[int, int]


class _Memory:
    """What is kept for a data set: the last few matrices, each of which is asked for in two languages."""

    def __init__(self) -> None:
        self.matrices: Recent[tuple[tuple[str, tuple[str, ...]], ...], MatrixContent] = Recent(_KEPT)


async def matrix(visit: Visit) -> PageContent:
    """Actors and propositions with something to compare; what is close stands close."""
    choices = await choices_of(visit)
    kept = visit.edition.remembered("matrices", _Memory).matrices
    key = tuple(sorted((name, tuple(values)) for name, values in visit.arguments.items() if name != "lang"))
    found = kept.get(key)
    if found is None:
        kind = visit.one("actor_kind")
        wanted = choices.of_kind(visit.show.names.expand(kind) if kind else "")
        found = _matrix(await stances_of(visit), wanted, int(visit.one("least")))
        kept.put(key, found)
    propositions = [proposition for proposition, _ in found.rows]
    await visit.label([*found.actors, *propositions])
    names = {actor: visit.show.iri(actor).text for actor in found.actors}
    whole = visit.show.page("/matrix", **{**visit.arguments, "least": ["0"]})
    facts = {
        "choices": choices,
        "found": found,
        "heads": shortened(names, _HEAD),
        "leasts": LEAST.values,
        "whole": whole,
    }
    return PageContent("matrix", common_facts(visit) | facts)


def _matrix(stances: Stances, wanted: Collection[str], least: int) -> MatrixContent:
    cells = {(cell.actor, cell.proposition): cell for cell in stances.matrix(a for a in stances.actors if a in wanted)}
    sides = Counter(proposition for (_, proposition), cell in cells.items() if cell.status in _SIDES)
    enough = [one for one in stances.propositions if sides[one] >= least]
    shown = {key: cell for key, cell in cells.items() if sides[key[1]] >= least}
    taking_part = {actor for (actor, _), cell in shown.items() if not least or cell.status in _SIDES}
    numbers = {
        key: cell.agreement for key, cell in shown.items() if cell.agreement is not None and key[0] in taking_part
    }
    actors, propositions = ordered(numbers, sorted(taking_part), enough)
    signs = {key: KEYS[cell.status] for key, cell in shown.items()}
    rows = [(one, [(actor, signs.get((actor, one), "")) for actor in actors]) for one in propositions]
    hidden = len(stances.propositions) - len(rows), len({actor for actor, _ in cells}) - len(actors)
    return MatrixContent(actors, rows, counts_of(cells.values()), count_left_out(cells.values()), hidden)
