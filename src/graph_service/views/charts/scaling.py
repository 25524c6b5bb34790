"""Distances between things as places in a plane, and how far these can be trusted.

Classical scaling (Torgerson 1952) gives the start, and majorisation of stress (SMACOF, de Leeuw 1977) moves from there:
shares of propositions that differ from pair to pair are no distances in any plane, and classical scaling alone draws
them too short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Numbers below this are rounding.
_LITTLE = 1e-9
# Steps of majorisation; each lowers the stress, and none is needed once it falls by less than this.
_STEPS, _LESS = 300, 1e-7


@dataclass(frozen=True)
class Plane:
    """Places in a plane.

    Attributes:
        places: x and y of each thing, in the unit of the distances, around 0.
        stress: Kruskal's stress 1: 0 where distances in the plane are the given ones, 0.2 and more where few are.
    """

    places: Sequence[tuple[float, float]]
    stress: float


def in_plane(distances: Sequence[Sequence[float]]) -> Plane:
    """The places whose distances are nearest to the given ones.

    The same distances give the same places: of the two ways in which an axis can point, it takes the one in which the
    thing farthest out is on the positive side.

    Args:
        distances: a symmetric matrix with zeros on its diagonal.
    """
    import numpy as np

    given = np.array(distances, dtype=float).reshape(len(distances), len(distances))
    whole = float((given**2).sum())
    if not whole:
        return Plane([(0.0, 0.0)] * len(given), 0.0)
    placed, before = _classical(given), 2.0
    for _ in range(_STEPS):
        drawn = np.linalg.norm(placed[:, None] - placed[None], axis=2)
        stress = float(np.sqrt(((drawn - given) ** 2).sum() / whole))
        if before - stress < _LESS:
            break
        before = stress
        # The Guttman transform, with equal weights.
        ratio = np.divide(given, drawn, out=np.zeros_like(given), where=drawn > _LITTLE)
        placed = (np.diag(ratio.sum(axis=1)) - ratio) @ placed / len(given)
    return Plane([(float(x), float(y)) for x, y in _on_axes(placed).round(6)], stress)


def _classical(given: Any) -> Any:
    """Places by the two greatest eigenvalues of the centred squares, none of them quite on one line.

    Majorisation never leaves a line, even where a plane has less stress.
    """
    import numpy as np

    centring = np.eye(len(given)) - 1 / len(given)
    values, vectors = np.linalg.eigh(-0.5 * centring @ given**2 @ centring)
    little = (0.02 * given.max()) ** 2
    return vectors[:, :-3:-1] * np.sqrt(np.maximum(values[:-3:-1], little))


def _on_axes(placed: Any) -> Any:
    """The same places, turned so that most of the differences lie along the first axis, and mirrored in one way."""
    import numpy as np

    centred = placed - placed.mean(axis=0)
    turned = centred @ np.linalg.svd(centred, full_matrices=False)[2].T
    for axis in range(turned.shape[1]):
        far = np.abs(turned[:, axis])
        # Of several that lie equally far out the first counts, whatever the last digit of each is.
        turned[:, axis] *= np.sign(turned[np.flatnonzero(far >= far.max() - 1e-6)[0], axis]) or 1.0
    return turned


def all_near(pairs: Mapping[tuple[str, str], object], things: Sequence[str]) -> list[str]:
    """The things of which each pair is known: who lacks most pairs is left out first, until none lacks one.

    Args:
        pairs: what is known, by pair in either order.
        things: in an order that decides among equals; the last go first.
    """
    kept = list(things)
    while True:
        lacking = {
            one: sum((one, other) not in pairs and (other, one) not in pairs for other in kept if other != one)
            for one in kept
        }
        most = max(lacking.values(), default=0)
        if not most:
            return kept
        kept.remove(next(one for one in reversed(kept) if lacking[one] == most))
