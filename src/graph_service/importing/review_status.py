"""The status of a row that was reviewed: only accepted ones are imported, the others are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph_service.importing.findings import Findings, SheetRow

ACCEPTED, REJECTED, PROPOSED = "accepted", "rejected", "proposed"
_CHOICES = (ACCEPTED, REJECTED, PROPOSED)


@dataclass
class ReviewedRows:
    """Lets rows through that are accepted, or say nothing of a status.

    Attributes:
        findings: where a status that is none is noted.
        counts: rows by status.
    """

    findings: Findings
    counts: Counter[str] = field(default_factory=Counter)

    def apply(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        """The rows that are imported."""
        for row in rows:
            status = row.get("status").casefold()
            if row.sheet != "claims" or not status:
                yield row
                continue
            if status not in _CHOICES:
                self.findings.add(row, "status", "is no status", f"Choose {', '.join(_CHOICES)}.")
            self.counts[status] += 1
            if status == ACCEPTED:
                yield row

    def summary(self) -> Iterator[str]:
        """How many rows have which status, a sentence; nothing if none has one."""
        if self.counts:
            accepted, rejected, undecided = (self.counts[status] for status in _CHOICES)
            yield f"{accepted} accepted, {rejected} rejected, {undecided} undecided"
