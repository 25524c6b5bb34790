"""Reading cells: text becomes terms of the graph; an unreadable cell becomes a finding and gives no term."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from graph_service.importing import dates
from graph_service.importing.findings import Findings, SheetRow
from graph_service.importing.known import AmbiguousName, KnownResources, Lexicon
from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import Term, iri_value, literal

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEPARATORS = re.compile(r"[;|/]")
_CONJUNCTIONS = re.compile(r"[;|/]|\s+(?:and|und)\s+")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORDS = 8
_MONTHS = "jan|feb|mar|mrz|maerz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
_DATE_ID = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[-. ]+({_MONTHS})([-. ]+\d{{2,4}})?|({_MONTHS})[-. ]+\d{{1,4}}"
    r"|\d{1,2}\.\d{1,2}\.(\d{2,4})?|\d{1,2}/\d{1,2}/\d{2,4}"
)
_DATES = "Write 2021-06-30, 2021-06, 2021, 2020/2021, 2021-06-30/2021-07-02, or undated."


@dataclass
class Cells:
    """Reads the cells of a sheet against what the graph knows and what the sheet brings along.

    Attributes:
        known: the graph.
        findings: where mistakes are noted.
        fresh: by kind (actor, proposition, document, coder), what the sheet describes and the graph does not know.
    """

    known: KnownResources
    findings: Findings
    fresh: dict[str, Lexicon] = field(default_factory=dict)

    def new(self, kind: str, row: SheetRow) -> Term:
        """The IRI of something that a row brings along, named by its id; nothing if the id is not a short name."""
        name = row.get("id")
        if _DATE_ID.fullmatch(name.casefold()):
            hint = "Format the column as text before you type ids, or begin them with a letter."
            self.findings.add(row, "id", "is a date, which a spreadsheet makes of ids such as 3-1", hint)
            return ""
        if not _SLUG.fullmatch(name):
            self.findings.add(row, "id", "is not a short name", f"Write “{short_name(name)}”: a to z, 0 to 9, hyphens.")
            return ""
        return self.known.term(kind, name)

    def concept(self, row: SheetRow, column: str, scheme: str, *, default: str = "") -> Term:
        """The concept that a cell names; required where there is no default."""
        value = row.get(column) or default
        if not value:
            self.findings.add(row, column, "is missing", self._choices(scheme))
            return ""
        return self._find(row, column, value, self.known.concepts(scheme), lambda: self._choices(scheme))

    def concepts(self, row: SheetRow, column: str, scheme: str) -> list[Term]:
        """The concepts that a cell lists."""
        lexicon = self.known.concepts(scheme)
        return self._list(row, column, lexicon, lambda: self._choices(scheme))

    def entity(self, row: SheetRow, column: str, kind: str) -> Term:
        """The actor, document, proposition or coder that a cell names."""
        return self._entity(row, column, kind, row.get(column))

    def entities(self, row: SheetRow, column: str, kind: str) -> list[Term]:
        """The actors that a cell lists."""
        if column not in row:
            return []
        if self.is_name(kind, row.get(column)):
            return [term for term in (self.entity(row, column, kind),) if term]
        parts = (part.strip() for part in _SEPARATORS.split(row.get(column)))
        return [term for part in parts if part and (term := self._entity(row, column, kind, part))]

    def positions(self, row: SheetRow, column: str) -> list[Term]:
        """The positions that a cell lists, of documents that are in the graph already."""
        names = [name for part in row.get(column).split(";") if (name := part.strip())]
        for name in names:
            if name not in self.known.positions:
                hint = "Import the older document first, or empty the cell."
                self.findings.add(row, column, f"holds “{name}”, which is no position of the graph", hint)
        return [self.known.positions[name].term for name in names if name in self.known.positions]

    def digest(self, row: SheetRow, column: str, *, needs: str) -> Term:
        """A SHA-256 in hexadecimal; without the column `needs` nobody could check it."""
        value = row.get(column).casefold()
        if not _SHA256.fullmatch(value):
            self.findings.add(row, column, "is not a SHA-256 digest", "Write its 64 hexadecimal digits.")
        if needs not in row:
            self.findings.add(row, column, f"stands without {needs}", f"Give {needs}, or empty the cell.")
        return literal(value)

    def days(self, row: SheetRow) -> list[tuple[str, list[Term]]]:
        """First and last possible day of a document; nothing for one that is undated."""
        given = row.get("date_interval") or row.get("date")
        if dates.is_undated(given):
            if not given:
                self.findings.add(row, "date", "is missing", _DATES)
            return []
        try:
            first, last = dates.interval(given)
        except ValueError:
            column = "date_interval" if "date_interval" in row else "date"
            self.findings.add(row, column, "is not a date", _DATES)
            return []
        day = f"{XSD}date"
        return [
            ("mp:datedFrom", [literal(first.isoformat(), datatype=day)]),
            ("mp:datedTo", [literal(last.isoformat(), datatype=day)]),
        ]

    def agreement(self, row: SheetRow, column: str) -> Term:
        """1, 0 or -1."""
        value = row.get(column).replace("−", "-").removeprefix("+")
        if value not in ("1", "0", "-1"):
            self.findings.add(row, column, "is not an agreement", "Write 1 (agrees), 0 (mixed) or -1 (disagrees).")
            return ""
        return literal(value, datatype=f"{XSD}integer")

    def flag(self, row: SheetRow, column: str) -> bool:
        """Whether a cell says yes."""
        value = row.get(column).casefold()
        if value not in ("", "yes", "no", "ja", "nein", "true", "false", "1", "0"):
            self.findings.add(row, column, "is neither yes nor no", "Write yes or no.")
        return value in ("yes", "ja", "true", "1")

    def required(self, row: SheetRow, column: str) -> str:
        """The text of a cell that may not be empty."""
        if column not in row:
            self.findings.add(row, column, "is missing", "Fill in the cell.")
        return row.get(column)

    def first_words(self, row: SheetRow, column: str) -> str:
        """The first words of a passage, eight at most."""
        value = " ".join(row.get(column).split())
        if len(value.split()) > _WORDS:
            self.findings.add(row, column, "are more than eight words of the source", "Keep the first eight.")
        return value

    def _list(self, row: SheetRow, column: str, lexicon: Lexicon, hint: Callable[[], str]) -> list[Term]:
        value = row.get(column)
        if not value:
            return []
        if lexicon.has(value):
            return [self._find(row, column, value, lexicon, hint)]
        separator = _SEPARATORS if _SEPARATORS.search(value) else _CONJUNCTIONS
        parts = (part.strip() for part in separator.split(value))
        return [term for part in parts if part and (term := self._find(row, column, part, lexicon, hint))]

    def _find(self, row: SheetRow, column: str, name: str, lexicon: Lexicon, hint: Callable[[], str]) -> Term:
        try:
            found = lexicon.find(name)
        except AmbiguousName as error:
            self.findings.add(row, column, f"may be any of {error}", "Write the one that is meant.")
            return ""
        if not found:
            about = "" if name == row.get(column) else f"holds “{name}”, which "
            self.findings.add(row, column, f"{about}is not in the list", _similar(lexicon, name) + hint())
        return found or ""

    def _entity(self, row: SheetRow, column: str, kind: str, name: str) -> Term:
        if not name:
            self.findings.add(row, column, "is missing", f"Name the {kind}.")
            return ""
        try:
            found = self._known_or_new(kind, name)
        except AmbiguousName as error:
            self.findings.add(row, column, f"may be any of {error}", "Write the one that is meant.")
            return ""
        if not found:
            about = f"is no known {kind}" if name == row.get(column) else f"holds “{name}”, which is no known {kind}"
            where = "terms" if kind == "instrument" else f"{kind}s, or in columns {kind}_…"
            self.findings.add(
                row, column, about, f"{_similar(self.lexicon(kind), name)}Describe it in the sheet {where}."
            )
        return found

    def is_name(self, kind: str, name: str) -> bool:
        """Whether something has this name, even if several things have it."""
        return any(lexicon.has(name) for lexicon in (self.lexicon(kind), self.fresh.get(kind, Lexicon())))

    def _known_or_new(self, kind: str, name: str) -> Term:
        return self.lexicon(kind).find(name) or self.fresh.setdefault(kind, Lexicon()).find(name) or ""

    def lexicon(self, kind: str) -> Lexicon:
        """The actors, documents, propositions or coders that the graph knows."""
        lexicons = {
            "actor": self.known.actors,
            "proposition": self.known.propositions,
            "document": self.known.documents,
            "coder": self.known.coders,
            "instrument": self.known.instruments,
        }
        return lexicons[kind]

    def _choices(self, scheme: str) -> str:
        terms = {term for found in self.known.concepts(scheme).names.values() for term in found}
        slugs = sorted(iri_value(term).rpartition("/")[2] for term in terms)
        return f"The list {scheme} has {', '.join(slugs)}." if slugs else f"The list {scheme} is empty."


def short_name(text: str) -> str:
    """A name for IRIs made from a text: lower case, umlauts written out, hyphens."""
    plain = text.strip().casefold().translate(_UMLAUTS)
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-") or "unnamed"


def _similar(lexicon: Lexicon, name: str) -> str:
    similar = lexicon.similar(name)
    return f"Similar: {', '.join(similar)}. " if similar else ""
