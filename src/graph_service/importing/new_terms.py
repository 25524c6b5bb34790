"""Turtle for the terms that a sheet brings along: concepts of controlled lists, and instruments.

A term is known by its names as soon as it is read, so that all rows of the same sheet may use it. Terms that the
graph knows already are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from graph_service.importing import sheet_columns
from graph_service.importing.cells import Cells
from graph_service.importing.findings import SheetRow
from graph_service.importing.known import Lexicon, slug
from graph_service.importing.turtle import Pairs, Writer, text
from graph_service.rdf.terms import Term

_LANGUAGES = ("de", "en")
_INSTRUMENTS = "instruments"


@dataclass(frozen=True)
class NewTerm:
    """A term that the graph does not know: its IRI, the list it joins, its row, and known names that resemble it."""

    term: Term
    scheme: str
    row: SheetRow
    similar: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What it is, such as `target-group`."""
        return _singular(self.scheme)


@dataclass
class NewTerms:
    """The new terms of a sheet; mistakes become findings.

    Attributes:
        cells: reads cells; from `read` on it knows the new terms.
        terms: by scheme and id.
    """

    cells: Cells
    terms: list[NewTerm] = field(default_factory=list)

    def read(self, rows: Iterator[SheetRow]) -> None:
        """Take in the rows of the table `terms`, by scheme and id."""
        for row in rows:
            scheme = row.get("scheme")
            if scheme not in sheet_columns.TERM_SCHEMES:
                problem = "is not a list that a sheet adds to" if scheme else "is missing"
                self.cells.findings.add(row, "scheme", problem, f"Choose {', '.join(sheet_columns.TERM_SCHEMES)}.")
                continue
            lexicon = self._lexicon(scheme)
            if known := lexicon.meanings(row.get("id")):
                self._compare(row, lexicon, known)
            elif term := self.cells.new(_singular(scheme), row):
                similar = chain.from_iterable(lexicon.similar(name) for name in (*self._labels(row), row.get("id")))
                self.terms.append(NewTerm(term, scheme, row, tuple(dict.fromkeys(similar))[:3]))
        for new in self.terms:
            self._add_names(new)

    def blocks(self, writer: Writer) -> Iterator[str]:
        """A block for each new term."""
        parents = {new.term: self._broader(new) for new in self.terms}
        for new in self.terms:
            if new.term in _ancestors(new.term, parents):
                hint = "Leave broader empty where the circle should begin."
                self.cells.findings.add(new.row, "broader", f"leads back to {slug(new.term)}", hint)
            yield "\n" + self._block(new, parents[new.term], writer)

    def _block(self, new: NewTerm, broader: list[Term], writer: Writer) -> str:
        row, instrument = new.row, new.scheme == _INSTRUMENTS
        scheme = self.cells.known.term("scheme", new.scheme)
        place: Pairs = [
            ("skos:inScheme", [scheme]),
            ("skos:broader", broader),
            ("skos:topConceptOf", [] if broader else [scheme]),
        ]
        pairs: Pairs = [
            *([("dcterms:type", broader)] if instrument else place),
            ("skos:prefLabel", self._both(row, "label")),
            (
                "skos:altLabel",
                [text(name, language) for language in _LANGUAGES for name in _alternatives(row, language)],
            ),
            ("skos:definition", self._both(row, "definition")),
        ]
        return writer.block(new.term, "mp:Instrument" if instrument else "skos:Concept", pairs)

    def _broader(self, new: NewTerm) -> list[Term]:
        """The concepts above a concept, or the kind of an instrument, which it must have."""
        if new.scheme == _INSTRUMENTS:
            return [kind for kind in (self.cells.concept(new.row, "broader", "instrument-kinds"),) if kind]
        return self.cells.concepts(new.row, "broader", new.scheme)

    def _compare(self, row: SheetRow, lexicon: Lexicon, known: set[Term]) -> None:
        """A row about a known term must mean that term."""
        for language in _LANGUAGES:
            label = row.get(f"label_{language}")
            if label and not known & lexicon.meanings(label):
                problem = f"is no name of {row.get('id')}, which the graph has already"
                self.cells.findings.add(row, f"label_{language}", problem, "Give the new term an id of its own.")

    def _add_names(self, new: NewTerm) -> None:
        """Let the names of a term be known; a name may mean one thing only."""
        lexicon = self._lexicon(new.scheme)
        target = self.cells.fresh.setdefault("instrument", Lexicon()) if new.scheme == _INSTRUMENTS else lexicon
        target.add(slug(new.term), new.term)
        for column, name in self._named(new.row):
            others = {slug(term) for found in (lexicon, target) for term in found.meanings(name)} - {slug(new.term)}
            if others:
                problem = f"is a name of {', '.join(sorted(others))} in {new.scheme} already"
                self.cells.findings.add(new.row, column, problem, "Use that term, or give this one another name.")
            target.add(name, new.term)

    def _named(self, row: SheetRow) -> Iterator[tuple[str, str]]:
        """The names of a term, each with its column."""
        for language in _LANGUAGES:
            if label := row.get(f"label_{language}"):
                yield f"label_{language}", label
            yield from ((f"alternatives_{language}", name) for name in _alternatives(row, language))

    def _labels(self, row: SheetRow) -> tuple[str, ...]:
        return tuple(row.get(f"label_{language}") for language in _LANGUAGES)

    def _both(self, row: SheetRow, stem: str) -> list[Term]:
        return [text(self.cells.required(row, f"{stem}_{language}"), language) for language in _LANGUAGES]

    def _lexicon(self, scheme: str) -> Lexicon:
        return self.cells.known.instruments if scheme == _INSTRUMENTS else self.cells.known.concepts(scheme)


def _singular(scheme: str) -> str:
    return scheme.removesuffix("s")


def _alternatives(row: SheetRow, language: str) -> list[str]:
    parts = (part.strip() for part in row.get(f"alternatives_{language}").split(";"))
    return [part for part in parts if part]


def _ancestors(term: Term, parents: Mapping[Term, list[Term]]) -> set[Term]:
    """All that stands above a term among the new ones."""
    found: set[Term] = set()
    waiting = list(parents[term])
    while waiting:
        if (above := waiting.pop()) not in found:
            found.add(above)
            waiting += parents.get(above, ())
    return found
