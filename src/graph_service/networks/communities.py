"""Communities of a network and what holds them together: their strongest members, and what these agree on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.network_choices import Figure
from graph_service.networks.network import Network
from graph_service.networks.node_figures import with_figures


@dataclass(frozen=True)
class Shared:
    """What members of a community agree on more than others do.

    Attributes:
        concept, level: how they stand to what.
        inside, outside: how many members and how many others stand so.
    """

    concept: str
    level: float
    inside: int
    outside: int


@dataclass(frozen=True)
class Community:
    """Nodes that are tied to each other more closely than to others.

    Attributes:
        members: those with the largest sum of numbers first.
        shared: what tells them from the others best; None in a network of something else than actors through concepts.
    """

    members: Sequence[str]
    shared: Shared | None


def communities(network: Network) -> list[Community]:
    """The communities with two members at least, the largest first; `node_figures.with_figures` finds them.

    Raises:
        LimitExceeded: the network has more edges than communities are computed for.
    """
    figures = with_figures(network, (Figure.COMMUNITY, Figure.STRENGTH)).attributes
    numbers, strengths = figures[Figure.COMMUNITY].tolist(), figures[Figure.STRENGTH].tolist()
    groups: dict[int, list[tuple[float, str]]] = {}
    for name, number, strength in zip(network.names.tolist(), numbers, strengths, strict=True):
        groups.setdefault(number, []).append((-abs(strength), name))
    stands = _stands(network) if network.kinds == ("actor", "actor") else {}
    found = ([name for _, name in sorted(group)] for _, group in sorted(groups.items()) if len(group) > 1)
    return [Community(members, _shared(set(members), network, stands)) for members in found]


def _stands(network: Network) -> dict[tuple[str, float], set[str]]:
    """Which actors stand how to what."""
    statements = network.statements
    each = np.stack([statements.actor.codes, statements.concept.codes, statements.level], axis=1)
    found: dict[tuple[str, float], set[str]] = {}
    for actor, concept, level in np.unique(each, axis=0).tolist():
        key = str(statements.concept.words[int(concept)]), level
        found.setdefault(key, set()).add(str(statements.actor.words[int(actor)]))
    return found


def _shared(members: set[str], network: Network, stands: dict[tuple[str, float], set[str]]) -> Shared | None:
    """Where the share of members that stand so exceeds that of others most; of equal ones what more members share."""
    others = max(len(network.names) - len(members), 1)
    best: tuple[tuple[float, int, str], Shared] | None = None
    for (concept, level), actors in sorted(stands.items()):
        inside = len(actors & members)
        outside = len(actors) - inside
        rank = (inside / len(members) - outside / others, inside, concept)
        if inside > 1 and (best is None or rank[:2] > best[0][:2]):
            best = rank, Shared(concept, level, inside, outside)
    return best[1] if best else None
