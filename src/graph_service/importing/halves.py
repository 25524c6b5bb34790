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
from graph_service.importing.columns import CODES
from graph_service.importing.findings import SheetRow

CODERS = ("halves-1", "halves-2")
_CODED = ("proposition", "agreement", "fit")
_Record = Mapping[str, Any]


@dataclass(frozen=True)
class Halves:
    """How the propositions of one sheet divide; see `read`.

    Attributes:
        splits: the halves of each proposition.
        positions: by id of a claim, the proposition it was on, and its halves with agreement, fit and codes.
    """

    path: Path
    splits: Mapping[str, list[_Record]]
    positions: Mapping[str, _Record]
    _met: set[str] = field(default_factory=set)

    def apply(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        """The rows with halves for what was joined.

        Raises:
            SourceError: a claim is on a divided proposition, and the file does not say on which half.
        """
        for row in rows:
            if row.sheet == "propositions" and row.get("id") in self.splits:
                for half in self.splits[row.get("id")]:
                    yield SheetRow(row.file, row.sheet, row.number, {name: str(half[name]) for name in half})
            elif row.sheet == "claims" and row.get("proposition") in self.splits:
                yield from self._divided(row)
            else:
                yield row

    def unused(self) -> Iterator[str]:
        """The claims of the file that no row is about, a sentence each; ask when all rows are through."""
        for identifier in self.positions.keys() - self._met:
            yield f"{self.path.name}: {identifier} matches no claim."

    def _divided(self, row: SheetRow) -> Iterator[SheetRow]:
        found = self.positions.get(row.get("id"))
        if found is None or found["proposition"] != row.get("proposition"):
            message = f"does not say how {row} ({row.get('id')}), which is on {row.get('proposition')}, divides."
            raise SourceError(message, where=Location(self.path), hint="Add it to the positions.")
        self._met.add(row.get("id"))
        kept = {name: text for name, text in row.cells.items() if name not in _CODED and not name.startswith(CODES)}
        kept["coder"] = "; ".join(name for name in (row.get("coder"), CODERS[0]) if name)
        if not found["halves"]:
            issue = self.splits[row.get("proposition")][0]["issue"]
            yield SheetRow(row.file, row.sheet, row.number, {"issue": issue, **kept})
        for half, coded in found["halves"].items():
            identifier = row.get("id") if len(found["halves"]) == 1 else f"{row.get('id')}-{half}"
            cells = {"proposition": half, "agreement": str(coded["agreement"]), "fit": coded["fit"]}
            codes = {CODES + coder: str(code) for coder, code in zip(CODERS, coded["codes"], strict=True)}
            yield SheetRow(row.file, row.sheet, row.number, {**kept, "id": identifier, **cells, **codes})


def read(path: Path) -> Halves:
    """Read the file.

    Raises:
        SourceError: it is no such file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        positions = {one["id"]: one for one in content["positions"]}
        strange = {half for one in positions.values() for half in one["halves"]}
        strange -= {half["id"] for halves in content["splits"].values() for half in halves}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "Give a JSON file with splits and positions, see docs/importing.md."
        raise SourceError(f"cannot be read as a file of halves: {error!r}.", where=Location(path), hint=hint) from error
    if strange:
        raise SourceError(f"has no half {min(strange)}.", where=Location(path), hint="Add it to the splits.")
    return Halves(path, content["splits"], positions)
