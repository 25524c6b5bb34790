"""Halves: a proposition that joined two things is divided, and a claim on it goes to one half, to both, or to none.

A JSON file with `splits`, which gives for each such proposition its halves as rows of the table `propositions`, and
`positions`, which gives for each claim on it the halves that its passage speaks about, with agreement, fit and the
codes of the two coders who divided it. A claim on one half keeps its id; on both, it becomes two claims with ids of
their own; on none, it keeps its issue and no proposition.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph_service.errors import Location, SourceError
from graph_service.importing.findings import SheetRow
from graph_service.importing.sheet_columns import CODES

CODERS = ("halves-1", "halves-2")
_CODED = ("proposition", "agreement", "fit")
Cells = Mapping[str, str]


@dataclass(frozen=True)
class DividedClaim:
    """A claim on a divided proposition: which it was, and the cells that it gets for each half."""

    proposition: str
    halves: tuple[Cells, ...]


@dataclass(frozen=True)
class Halves:
    """How the propositions of one sheet divide; remembers which claims were met.

    Attributes:
        path: the file that says so.
        propositions: the rows of the halves, by id of the proposition that joined them.
        claims: by id.
    """

    path: Path
    propositions: Mapping[str, tuple[Cells, ...]]
    claims: Mapping[str, DividedClaim]
    _met: set[str] = field(default_factory=set)

    def apply(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        """The rows with halves for what was joined.

        Raises:
            SourceError: a claim is on a divided proposition, and the file does not say on which half.
        """
        for row in rows:
            if row.sheet == "propositions" and row.get("id") in self.propositions:
                for cells in self.propositions[row.get("id")]:
                    yield SheetRow(row.file, row.sheet, row.number, cells)
            elif row.sheet == "claims" and row.get("proposition") in self.propositions:
                yield from self._divided(row)
            else:
                yield row

    def unused(self) -> Iterator[str]:
        """The claims of the file that no row is about, a sentence each; ask when all rows are through."""
        for identifier in sorted(self.claims.keys() - self._met):
            yield f"{self.path.name}: {identifier} matches no claim on a divided proposition."

    def _divided(self, row: SheetRow) -> Iterator[SheetRow]:
        identifier, joined = row.get("id"), row.get("proposition")
        found = self.claims.get(identifier)
        if found is None or found.proposition != joined:
            message = f"does not say on which half of {joined} the claim {identifier} is ({row})."
            raise SourceError(message, where=Location(self.path), hint="Add the claim to the list positions.")
        self._met.add(identifier)
        kept = {name: text for name, text in row.cells.items() if name not in _CODED and not name.startswith(CODES)}
        kept["coder"] = "; ".join(name for name in (row.get("coder"), CODERS[0]) if name)
        if not found.halves:
            kept.setdefault("issue", self.propositions[joined][0]["issue"])
            yield SheetRow(row.file, row.sheet, row.number, kept)
        for cells in found.halves:
            own = identifier if len(found.halves) == 1 else f"{identifier}-{cells['proposition']}"
            yield SheetRow(row.file, row.sheet, row.number, {**kept, **cells, "id": own})


def read(path: Path) -> Halves:
    """Read a file of halves.

    Raises:
        SourceError: it is none, or lacks something.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        propositions = {
            joined: tuple({name: str(half[name]) for name in ("id", "text_de", "text_en", "issue")} for half in halves)
            for joined, halves in content["splits"].items()
        }
        claims = {
            one["id"]: DividedClaim(one["proposition"], tuple(_cells(*half) for half in one["halves"].items()))
            for one in content["positions"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "Give a JSON file with splits and positions, as docs/importing.md describes it."
        raise SourceError(f"cannot be read as a file of halves: {error!r}.", where=Location(path), hint=hint) from error
    return Halves(path, propositions, claims)


def _cells(half: str, coded: Mapping[str, Any]) -> Cells:
    codes = {CODES + coder: str(code) for coder, code in zip(CODERS, coded["codes"], strict=True)}
    return {"proposition": half, "agreement": str(coded["agreement"]), "fit": str(coded["fit"]), **codes}
