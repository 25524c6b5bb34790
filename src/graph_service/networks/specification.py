"""What a network is to be: modes, measure, normalisation, duplicates, and which nodes and edges stay.

Names are those of the Discourse Network Analyzer (DNA 3.1) and rDNA, so that settings and numbers carry over.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph_service.errors import ParameterError
from graph_service.network_choices import Duplicates, Isolates, Measure, Mode, Normalisation

ONE_MODE = (
    (Measure.IGNORE, Measure.CONGRUENCE, Measure.CONFLICT, Measure.SUBTRACT),
    (Normalisation.NO, Normalisation.AVERAGE, Normalisation.COSINE, Normalisation.JACCARD),
)
TWO_MODE = (
    (Measure.IGNORE, Measure.SUBTRACT, Measure.COMBINE),
    (Normalisation.NO, Normalisation.ACTIVITY, Normalisation.PROMINENCE),
)


@dataclass(frozen=True)
class Specification:
    """All choices that the numbers of a network depend on, besides its statements. Strings are taken for choices.

    Attributes:
        mode: actor × actor, concept × concept, or actor × concept.
        measure: `ignore`, `congruence`, `conflict`, `subtract` for one mode; `ignore`, `subtract`, `combine` for two.
        normalisation: `no`, `average`, `cosine`, `jaccard` for one mode; `no`, `activity`, `prominence` for two.
        duplicates: within which period a repeated statement counts once.
        isolates: which nodes without an edge stay.
        minimum: edges whose number is nearer to 0 than this are left out; numbers that are 0 always are.
        limit: at most so many edges stay, those with the largest absolute numbers; None for all.
        ceiling: more edges than this are not held but refused, 16 bytes each.

    Raises:
        ParameterError: a choice does not exist or does not go with another.
    """

    mode: Mode = Mode.ACTORS
    measure: Measure = Measure.IGNORE
    normalisation: Normalisation = Normalisation.NO
    duplicates: Duplicates = Duplicates.DOCUMENT
    isolates: Isolates = Isolates.DROP
    minimum: float = 0.0
    limit: int | None = None
    ceiling: int = 50_000_000

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            object.__setattr__(self, name, _choice(name, getattr(self, name), choices))
        measures, normalisations = TWO_MODE if self.mode is Mode.TWO_MODE else ONE_MODE
        _require("measure", self.measure, measures, f"a network of mode {self.mode}")
        _require("normalisation", self.normalisation, normalisations, f"a network of mode {self.mode}")
        if self.measure is Measure.COMBINE:
            _require("normalisation", self.normalisation, (Normalisation.NO,), "the measure combine")
        if not self.minimum >= 0:
            raise ParameterError(
                f"The minimum {self.minimum} is below 0.", hint="It is compared with absolute numbers."
            )
        if self.limit is not None and self.limit < 0:
            raise ParameterError(f"The limit {self.limit} is below 0.", hint="Leave it out to keep all edges.")

    def replace(self, **changes: Any) -> Specification:
        """The same with some choices changed."""
        return dataclasses.replace(self, **changes)


_CHOICES: dict[str, type[StrEnum]] = {
    "mode": Mode,
    "measure": Measure,
    "normalisation": Normalisation,
    "duplicates": Duplicates,
    "isolates": Isolates,
}


def _choice(name: str, value: str, choices: type[StrEnum]) -> StrEnum:
    try:
        return choices(value)
    except ValueError as error:
        raise ParameterError(
            f"There is no {name} {str(value)[:40]!r}.", hint=f"Choose from {_list(choices)}."
        ) from error


def _require(name: str, value: StrEnum, allowed: tuple[StrEnum, ...], whole: str) -> None:
    if value not in allowed:
        raise ParameterError(f"The {name} {value} does not go with {whole}.", hint=f"Choose from {_list(allowed)}.")


def _list(choices: Any) -> str:
    return ", ".join(str(choice) for choice in choices)
