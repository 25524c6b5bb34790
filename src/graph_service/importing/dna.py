"""Statements as the Discourse Network Analyzer (Leifeld) exports them, as rows of a coding sheet.

Read are the columns id, document, date, organisation, concept and agreement under the names that versions 2 and 3 and
rDNA give them. Persons and authors are left out: the graph keeps no profiles of natural persons. So is the coded text,
which is other people's. Agreement is 0/1 unless it is said to be a scale; of a scale the sign counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from graph_service.importing.cells import short_name
from graph_service.importing.findings import Findings, SheetRow

_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("statement_id", "id", "statementid"),
    "document": ("document_id", "docid", "document"),
    "title": ("document_title", "title", "document"),
    "date": ("time", "date", "date_time", "datetime", "document_date"),
    "source": ("document_source", "source"),
    "organisation": ("organization", "organisation", "actor"),
    "person": ("person",),
    "concept": ("concept", "category"),
    "agreement": ("agreement", "qualifier"),
    "start": ("start", "start_position", "start_caret"),
    "end": ("stop", "end", "stop_position", "end_caret"),
}
_PARAPHRASES = {
    "1": ("Stimmt zu: {}", "Agrees: {}"),
    "0": ("Teils, teils: {}", "Partly: {}"),
    "-1": ("Lehnt ab: {}", "Disagrees: {}"),
}


@dataclass(frozen=True)
class Corpus:
    """What the export does not say and the person who imports it knows.

    Attributes:
        language: of the documents, such as `de`.
        source_kind: of the documents, a concept of the list source-kinds.
        scale: whether agreement is a scale around 0, not 0/1.
        coder: who coded.
    """

    language: str
    source_kind: str
    scale: bool = False
    coder: str = ""


@dataclass
class StatementTranslator:
    """Turns statements into claims.

    Attributes:
        prefix: begins the ids of documents and claims, so that two exports do not collide.
        persons: how many statements named a person, who was left out.
        alone: statements of a person without organisation, which were left out.
    """

    corpus: Corpus
    prefix: str
    findings: Findings
    persons: int = 0
    alone: list[int] = field(default_factory=list)

    def claims(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        """Rows of the table claims, each describing its document; rows of other tables pass through."""
        for row in rows:
            if row.sheet != "statements":
                yield row
                continue
            cells = {name: _first(row, names) for name, names in _NAMES.items()}
            self.persons += bool(cells["person"])
            if not cells["organisation"] and cells["person"]:
                self.alone.append(row.number)
                continue
            if claim := self._claim(row, cells):
                yield SheetRow(row.file, "claims", row.number, {name: value for name, value in claim.items() if value})

    def _claim(self, row: SheetRow, cells: dict[str, str]) -> dict[str, str] | None:
        missing = [n for n in ("id", "document", "date", "organisation", "concept", "agreement") if not cells[n]]
        for name in missing:
            column = _NAMES[name][0]
            self.findings.add(row, column, "is missing", f"The export names it {' or '.join(_NAMES[name])}.")
        agreement = "" if missing else self._agreement(row, cells["agreement"])
        if not agreement:
            return None
        german, english = _PARAPHRASES[agreement]
        return {
            "id": f"{self.prefix}-{short_name(cells['id'])}",
            "actor": cells["organisation"],
            "proposition": cells["concept"],
            "agreement": agreement,
            "stance": "opposes" if agreement == "-1" else "supports",
            "paraphrase_de": german.format(cells["concept"]),
            "paraphrase_en": english.format(cells["concept"]),
            "locator_heading": self._place(cells),
            "locator_start": cells["start"] if cells["end"] else "",
            "locator_end": cells["end"] if cells["start"] else "",
            "coder": self.corpus.coder,
            **self._document(cells),
        }

    def _document(self, cells: dict[str, str]) -> dict[str, str]:
        identifier = f"{self.prefix}-{short_name(cells['document'])}"
        return {
            "document": identifier,
            "document_title": cells["title"] or cells["document"],
            "document_date": cells["date"],
            "document_language": self.corpus.language,
            "document_source_kind": self.corpus.source_kind,
            "document_note": cells["source"],
        }

    def _agreement(self, row: SheetRow, value: str) -> str:
        plain = {"true": "1", "false": "0", "yes": "1", "no": "0"}.get(value.casefold(), value.replace(",", "."))
        try:
            number = Decimal(plain)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.findings.add(row, _agreement_column(row), "is not a number", "The export has 0 and 1, or a scale.")
            return ""
        if self.corpus.scale:
            return str((number > 0) - (number < 0))
        if number not in (0, 1):
            self.findings.add(row, _agreement_column(row), "is neither 0 nor 1", "If it is a scale, give --scale.")
            return ""
        return "1" if number else "-1"

    def _place(self, cells: dict[str, str]) -> str:
        if cells["start"] and cells["end"]:
            return f"Zeichen {cells['start']}–{cells['end']}"
        return f"Statement {cells['id']}"


def _first(row: SheetRow, names: Iterable[str]) -> str:
    return next((row.get(name) for name in names if name in row), "")


def _agreement_column(row: SheetRow) -> str:
    return next(name for name in _NAMES["agreement"] if name in row)
