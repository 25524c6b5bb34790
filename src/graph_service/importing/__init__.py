"""Importing: coding sheets, roll calls and exports of other programs become Turtle files of their own.

    file ─> tables ─> (dna) ─> decisions ─> staging ─> plan ─> files
            rows      claims   set, left    on disk    all      all or nothing
                               out       └> roll_calls ──────┘ checked

Nothing is written unless every row is valid and everything new was accepted. The same file gives the same Turtle, so a
second import changes nothing. Which concepts exist is read from ontology and data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph_service.building import shipped, sources
from graph_service.building.sources import SourceFile
from graph_service.errors import SettingsError
from graph_service.importing import (
    decisions,
    dna,
    halves,
    known,
    parliaments,
    placing,
    roll_calls,
    sheet_columns,
    table_files,
    written_files,
)
from graph_service.importing.cells import Cells, short_name
from graph_service.importing.decisions import Decisions, OmittedRow
from graph_service.importing.dna import Corpus
from graph_service.importing.findings import Findings, ImportRefused, SheetRow
from graph_service.importing.given_rows import GivenRows
from graph_service.importing.plan import ImportPlan, Proposal
from graph_service.importing.review_status import ReviewedRows
from graph_service.importing.staging import StagingTable
from graph_service.importing.turtle import Writer
from graph_service.rdf.namespaces import Names
from graph_service.settings import BASE, BuildSettings

__all__ = [
    "KINDS",
    "Corpus",
    "GivenRows",
    "ImportOptions",
    "ImportRefused",
    "ImportTarget",
    "OmittedRow",
    "Proposal",
    "Report",
    "run",
]

KINDS = ("coding-sheet", "dna", "roll-calls")
Progress = Callable[[str], None]
_STEP = 10_000
_NAMED = 20
_COUNTED = ("claims", "documents", "terms", "roll calls", "rows")


@dataclass(frozen=True)
class ImportTarget:
    """The graph that a sheet is imported into.

    Attributes:
        ontology: files or directories of ontology and vocabularies.
        data: files or directories of data.
        base: base IRI of the data.
    """

    ontology: Sequence[Path]
    data: Sequence[Path]
    base: str = BASE

    @classmethod
    def of(cls, settings: BuildSettings) -> ImportTarget:
        """The graph that settings name; what they leave open is the shipped one."""
        ontology = settings.ontology or (shipped.directory("ontology"),)
        return cls(ontology, settings.data or (shipped.directory("data"),), settings.base)

    def directory(self) -> Path:
        """Where files go unless another directory is named: the first directory of data.

        Raises:
            SettingsError: there is none, or it belongs to the installed package.
        """
        found = next((path for path in self.data if not path.suffix), None)
        if found is None or Path(shipped.__file__).parents[1] in found.resolve().parents:
            raise SettingsError("there is no directory of data to import into.", hint="Name one with --into DIR.")
        return found


@dataclass(frozen=True)
class ImportOptions:
    """How a sheet is imported.

    Attributes:
        accept_new: whether actors, propositions, coders and terms that the graph does not know may be added.
        decisions: a file of decisions on rows.
        halves: a file that divides propositions and the claims on them; it works on the rows as decided.
        names: a further table of actors, propositions or terms, for exports that name but do not describe them.
        corpus: what a DNA export does not say.
    """

    accept_new: bool = False
    decisions: Path | None = None
    halves: Path | None = None
    names: Path | None = None
    corpus: Corpus = field(default_factory=lambda: Corpus("", ""))


@dataclass(frozen=True)
class Report:
    """What an import did.

    Attributes:
        written: files that are new or changed, below the directory imported into.
        unchanged: files that stand as they were.
        stale: files of an earlier import of this sheet that it no longer gives; they are left where they are.
        counts: documents, claims, actors, propositions in the sheet; or roll calls and rows.
        known: claims that stood in the graph already, of which only the codes were taken.
        left_out: rows left out by decision.
        added: what the sheet brought along.
        notes: further remarks, a sentence each.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    stale: tuple[str, ...]
    counts: Mapping[str, int]
    known: tuple[str, ...]
    left_out: tuple[OmittedRow, ...]
    added: tuple[Proposal, ...]
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield ", ".join(f"{self.counts[what]} {what}" for what in _COUNTED if what in self.counts)
        yield from (f"left out: {out.table} {out.id}: {out.reason}" for out in self.left_out)
        if self.known:
            yield f"in the graph already: {', '.join(self.known)}"
        yield from (f"added: {proposal.kind} {proposal.id}, “{proposal.label}”" for proposal in self.added)
        yield from self.notes
        if self.stale:
            yield f"no longer in the sheet, delete if obsolete: {', '.join(self.stale)}"
        yield from (f"wrote {name}" for name in self.written[:_NAMED])
        if len(self.written) > _NAMED:
            yield f"… and {len(self.written) - _NAMED} more"
        yield f"{len(self.written)} files written, {len(self.unchanged)} unchanged"


def run(
    kind: str,
    file: Path | GivenRows,
    into: Path,
    graph: ImportTarget,
    options: ImportOptions | None = None,
    progress: Progress = lambda _: None,
    writes: type[written_files.Batch] = written_files.Batch,
) -> Report:
    """Import a file.

    Args:
        kind: `coding-sheet`, `dna` or `roll-calls`.
        file: CSV, XLSX or JSON, or the rows of a coding sheet.
        into: the data directory that gets the files; it is made if absent.
        graph: what is known already.
        options: see `ImportOptions`.
        progress: takes messages on the progress, a few words each.
        writes: takes the files.

    Raises:
        SettingsError: the kind is unknown, or an option is missing.
        SourceError: a file cannot be read.
        ImportRefused: a row is wrong, a place is taken, or something new was not accepted; nothing was written.
    """
    options = options or ImportOptions()
    _check(kind, options)
    with placing.workplace(into) as workplace, StagingTable(workplace) as staging:
        standing, names = _standing(graph, into, file.name), Names(graph.base)
        cells = Cells(known.read(standing, names), Findings())
        known_tables = [roll_calls.SHEET] if kind == "roll-calls" else [*sheet_columns.TABLES]
        decided = decisions.read(options.decisions, known_tables) if options.decisions else Decisions()
        batch = writes(into, workplace, file.name)
        notes: list[str] = []
        if kind == "roll-calls" and isinstance(file, Path):
            polls = roll_calls.RollCalls(cells, parliaments.read(standing, names))
            return _write_roll_calls(polls, decided.apply(roll_calls.rows(file, notes.append)), batch, decided, notes)
        divided = halves.read(options.halves) if options.halves else None
        statements = dna.StatementTranslator(options.corpus, short_name(Path(file.name).stem), cells.findings)
        rows = decided.apply(_rows(kind, file, options, statements, notes))
        reviewed = ReviewedRows(cells.findings)
        for count, row in enumerate(reviewed.apply(divided.apply(rows) if divided else rows), 1):
            staging.add(row, cells.findings)
            if count % _STEP == 0:
                progress(f"{count} rows read")
        plan = ImportPlan(cells, staging, batch, progress)
        plan.make()
        cells.findings.refuse(file.name)
        _accept(plan, options, file.name)
        notes += [*reviewed.summary(), *_notes(statements), *(divided.unused() if divided else ())]
        return _write(batch, decided, plan.counts, plan.known, plan.proposals, notes)


def _write_roll_calls(
    polls: roll_calls.RollCalls,
    rows: Iterable[SheetRow],
    batch: written_files.Batch,
    decided: Decisions,
    notes: Sequence[str],
) -> Report:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        polls.add(row)
    name = f"votes/{short_name(Path(batch.sheet).stem)}.ttl"
    writer = Writer(polls.cells.known.names)
    blocks = list(polls.blocks(writer))
    if obstacle := batch.obstacle(name):
        polls.cells.findings.note(SheetRow(batch.sheet, "", 0, {}), obstacle)
    polls.cells.findings.refuse(batch.sheet)
    batch.add(name, writer.prefixes(), blocks)
    return _write(batch, decided, {"roll calls": len(polls.polls), "rows": count}, notes=notes)


def _check(kind: str, options: ImportOptions) -> None:
    if kind not in KINDS:
        raise SettingsError(f"{kind} is not a kind of import.", hint=f"Choose {' or '.join(KINDS)}.")
    corpus = options.corpus
    if kind == "dna" and not (corpus.language and corpus.source_kind and corpus.coder):
        hint = "Give --document-language, --source-kind and --coder."
        raise SettingsError("the export does not say language and kind of its documents, nor who coded.", hint=hint)


def _rows(
    kind: str, file: Path | GivenRows, options: ImportOptions, statements: dna.StatementTranslator, notes: list[str]
) -> Iterator[SheetRow]:
    if options.names:
        yield from table_files.read(options.names, "actors", ("actors", "propositions", "terms"), notes.append)
    if isinstance(file, GivenRows):
        yield from file.read(statements.findings)
    elif kind == "dna":
        yield from statements.claims(table_files.read(file, "statements", ("statements",), notes.append))
    else:
        yield from table_files.read(file, "claims", sheet_columns.TABLES, notes.append)


def _standing(graph: ImportTarget, into: Path, sheet: str) -> list[SourceFile]:
    """The files of the graph and of the directory imported into, without what this sheet put there before."""
    names = Names(graph.base)
    covered = any(into.resolve().is_relative_to(path.resolve()) for path in graph.data)
    further = () if covered or not any(into.rglob("*.ttl")) else (into,)
    found = sources.discover(graph.ontology, (*graph.data, *further), names)
    return [source for source in found if written_files.sheet_of(source.path) != sheet]


def _accept(plan: ImportPlan, options: ImportOptions, sheet: str) -> None:
    if plan.proposals and not options.accept_new:
        what = f"{sheet} brings along what the graph does not know ({len(plan.proposals)}); nothing was written."
        hint = "If each is really new, give --accept-new."
        raise ImportRefused(what, [str(proposal) for proposal in plan.proposals], hint=hint)


def _write(
    batch: written_files.Batch,
    decided: Decisions,
    counts: Mapping[str, int],
    claims_known: Sequence[str] = (),
    added: Sequence[Proposal] = (),
    notes: Iterable[str] = (),
) -> Report:
    changed = batch.changed()
    batch.write(changed)
    planned = {batch.into / name for name in batch.names}
    stale = (path for path in written_files.own_files(batch.into, batch.sheet) if path not in planned)
    return Report(
        written=tuple(sorted(changed)),
        unchanged=tuple(sorted(set(batch.names) - set(changed))),
        stale=tuple(path.relative_to(batch.into).as_posix() for path in stale),
        counts=counts,
        known=tuple(claims_known),
        left_out=tuple(decided.left_out),
        added=tuple(added),
        notes=(*notes, *decided.unused()),
    )


def _notes(statements: dna.StatementTranslator) -> Iterator[str]:
    if statements.persons:
        yield f"{statements.persons} statements name a person; persons are not imported."
    if statements.alone:
        rows = ", ".join(map(str, statements.alone[:20])) + (" …" if len(statements.alone) > 20 else "")
        yield f"{len(statements.alone)} statements of a person without organisation are left out: rows {rows}."
