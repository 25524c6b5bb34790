"""The plan of an import: the files that a sheet gives, before they are put into place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from graph_service.importing import claims, entities
from graph_service.importing.cells import Cells, short_name
from graph_service.importing.findings import SheetRow
from graph_service.importing.known import Lexicon, slug
from graph_service.importing.new_terms import NewTerms
from graph_service.importing.staging import StagingTable
from graph_service.importing.turtle import Writer
from graph_service.importing.written_files import Batch
from graph_service.rdf.terms import Term

Progress = Callable[[str], None]
_STEP = 10_000


@dataclass(frozen=True)
class Proposal:
    """An actor, proposition, coder or term that the graph does not know.

    Attributes:
        kind: actor, proposition, coder, instrument, or what a concept is, such as target-group.
        id: the name it would get.
        label: what the sheet calls it.
        place: where the sheet describes it.
        similar: names of known ones that resemble it.
    """

    kind: str
    id: str
    label: str
    place: str
    similar: tuple[str, ...]

    def __str__(self) -> str:
        resembles = f" Similar: {', '.join(self.similar)}." if self.similar else ""
        return f"{self.place}: new {self.kind} {self.id}, “{self.label}”.{resembles}"


@dataclass
class ImportPlan:
    """Turns staged rows into files.

    Attributes:
        cells: reads cells and notes findings.
        staging: the rows.
        batch: takes the files.
        proposals: what the sheet brings along that the graph does not know.
        known: claims, by id, that stand in the graph already.
        counts: how many of each were planned.
    """

    cells: Cells
    staging: StagingTable
    batch: Batch
    progress: Progress
    proposals: list[Proposal] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def make(self) -> None:
        """Plan all files; mistakes are noted, none is raised."""
        stem = short_name(self.batch.sheet.rpartition(".")[0])
        self._add_terms(f"vocabularies/{stem}.ttl")
        fresh = {kind: list(self._fresh(kind)) for kind in ("actor", "proposition", "document")}
        coders = list(self._coders())
        self._describe("actor", f"actors/{stem}.ttl", fresh["actor"])
        self._describe("proposition", f"propositions/{stem}.ttl", fresh["proposition"])
        self._add_coders(f"coders/{stem}.ttl", coders)
        self._documents(dict(fresh["document"]), stem)

    def _add_terms(self, name: str) -> None:
        """First of all, so that whatever else the sheet describes may use its terms."""
        new, writer = NewTerms(self.cells), Writer(self.cells.known.names)
        new.read(self.staging.described("terms"))
        if blocks := list(new.blocks(writer)):
            self.counts["terms"] = len(blocks)
            self._add(name, writer, blocks)
        for one in new.terms:
            label = one.row.get("label_de")
            self.proposals.append(Proposal(one.kind, one.row.get("id"), label, str(one.row), one.similar))

    def _fresh(self, kind: str) -> Iterator[tuple[Term, SheetRow]]:
        """What the sheet describes and the graph does not know; from now on its id and its names are known."""
        sheet = f"{kind}s"
        lexicon = self.cells.lexicon(kind)
        names = self.cells.fresh.setdefault(kind, Lexicon())
        for row in self.staging.described(sheet):
            if not lexicon.has(row.get("id")):
                term = self.cells.new(kind, row)
                if term:
                    label = row.get("name_de") or row.get("text_de")
                    for column in ("id", "name_de", "name_en", "text_de", "text_en"):
                        if column in row:
                            names.add(row.get(column), term)
                    if kind != "document":
                        self._propose(kind, row, label, lexicon)
                    yield term, row

    def _propose(self, kind: str, row: SheetRow, label: str, lexicon: Lexicon) -> None:
        similar = tuple(dict.fromkeys(lexicon.similar(label) + lexicon.similar(row.get("id"))))[:3]
        self.proposals.append(Proposal(kind, row.get("id"), label, str(row), similar))

    def _describe(self, kind: str, name: str, fresh: Iterable[tuple[Term, SheetRow]]) -> None:
        writer = Writer(self.cells.known.names)
        blocks = []
        for term, row in fresh:
            make = entities.actor if kind == "actor" else entities.proposition
            blocks.append("\n" + make(row, term, self.cells, writer))
        self.counts[f"{kind}s"] = len(blocks)
        if blocks:
            self._add(name, writer, blocks)

    def _coders(self) -> Iterator[tuple[str, Term]]:
        """The coders whom the sheet names and the graph does not know."""
        names = self.cells.fresh.setdefault("coder", Lexicon())
        for name, row in self.staging.coders():
            if not self.cells.is_name("coder", name):
                term = self.cells.new("coder", SheetRow(row.file, row.sheet, row.number, {"id": name}))
                if term:
                    names.add(name, term)
                    self._propose("coder", SheetRow(row.file, row.sheet, row.number, {"id": name}), name, names)
                    yield name, term

    def _add_coders(self, name: str, coders: Iterable[tuple[str, Term]]) -> None:
        writer = Writer(self.cells.known.names)
        blocks = ["\n" + entities.coder(coder, term, writer) for coder, term in coders]
        if blocks:
            self._add(name, writer, blocks)

    def _documents(self, fresh: dict[Term, SheetRow], stem: str) -> None:
        """One file a document; codes of positions that stand in the graph already get a file of their own."""
        extra, extra_writer = self.batch.workplace / "codings", Writer(self.cells.known.names)
        self.counts.update(documents=0, claims=0)
        with extra.open("w+", encoding="utf-8", newline="\n") as kept:
            for key, rows in groupby(self.staging.claims(), key=lambda row: row.get("document")):
                first = next(rows)
                document = self.cells.entity(first, "document", "document")
                described_row = fresh.pop(document, None)
                writer = Writer(self.cells.known.names)
                blocks = self._document(key, document, described_row, writer)
                for row in (first, *rows):
                    codes = self._claim(row, document, blocks, writer, extra_writer)
                    kept.write(codes)
                if any(blocks.parts) and document:
                    suffix = "" if described_row else f".{stem}"
                    self._add(f"documents/{slug(document)}{suffix}.ttl", writer, blocks.parts)
            for term, row in fresh.items():
                writer = Writer(self.cells.known.names)
                block = entities.document(row, term, [], self.cells, writer)
                self.counts["documents"] += 1
                self._add(f"documents/{slug(term)}.ttl", writer, ["\n" + block])
            if kept.tell():
                kept.seek(0)
                self._add(f"codings/{stem}.ttl", extra_writer, ["\n", *kept])

    def _document(self, key: str, term: Term, row: SheetRow | None, writer: Writer) -> _Blocks:
        if row is None:
            return _Blocks("de")
        self.counts["documents"] += 1
        holders = self.staging.holders(key)
        block = entities.document(row, term, holders, self.cells, writer)
        return _Blocks(row.get("language").casefold(), ["\n" + block])

    def _claim(self, row: SheetRow, document: Term, blocks: _Blocks, writer: Writer, extra: Writer) -> str:
        """Add the blocks of a claim; of one that is in the graph already, return the codes only."""
        self.counts["claims"] += 1
        if self.counts["claims"] % _STEP == 0:
            self.progress(f"{self.counts['claims']} claims")
        known = self.cells.known.positions.get(row.get("id"))
        if known:
            claims.contradictions(row, known, self.cells)
            self.known.append(row.get("id"))
            return claims.codings(row, known.term, self.cells, extra)
        term = self.cells.new("position", row)
        if not term:
            return ""
        block, place = claims.position(row, term, document, self.cells, writer)
        blocks.parts.append("\n" + block)
        if place.term not in blocks.passages:
            blocks.passages.add(place.term)
            blocks.parts.append(claims.passage(place, blocks.language, document, self.cells, writer))
        blocks.parts.append(claims.codings(row, term, self.cells, writer))
        return ""

    def _add(self, name: str, writer: Writer, parts: Iterable[str]) -> None:
        """Prepare a file, unless its place is taken."""
        if obstacle := self.batch.obstacle(name):
            self.cells.findings.note(SheetRow(self.batch.sheet, "", 0, {}), obstacle)
            return
        self.batch.add(name, writer.prefixes(), parts)


@dataclass
class _Blocks:
    """The blocks of one file, and the passages that stand among them."""

    language: str
    parts: list[str] = field(default_factory=list)
    passages: set[Term] = field(default_factory=set)
