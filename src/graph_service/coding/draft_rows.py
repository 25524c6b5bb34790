"""A draft as rows of a coding sheet: what an import takes, and what a workbook shows.

The id of a claim is `PAPER-CODER-POSITION`, since the drafts of two coders number their positions each from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.coding.coders import settling
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status
from graph_service.importing.findings import Findings, SheetRow
from graph_service.reading import wording
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import TEXT

# As `importing.cells` reads them.
_YES = ("yes", "ja", "true", "1")
_WORDS = 8


def name_of(draft: PaperDraft) -> str:
    """What stands in imported files for the name of the sheet."""
    return f"{draft.paper}.{draft.coder}.draft"


def claim_id(draft: PaperDraft, position: DraftPosition) -> str:
    """The id of a position in sheets and in the graph."""
    return f"{draft.paper}-{draft.coder}-{position.id}"


def rows(draft: PaperDraft, paper: Paper) -> Iterator[SheetRow]:
    """The rows of all tables: the document, what the draft brings along as far as it is used, and each position.

    Raises:
        ImportRefused: an accepted position copies the paper, or settles a difference without a reason.
    """
    _check_wording(draft, paper)
    _check_reasons(draft, paper)
    yield SheetRow(f"{draft.paper}, document", "documents", 0, document(draft, paper))
    used = _used(draft)
    for table, records in draft.tables.items():
        for number, cells in enumerate(records, 1):
            if cells.get("id") in used:
                yield SheetRow(name_of(draft), table, number, _filled(cells))
    for position in draft.positions:
        yield SheetRow(_called(position, paper), "claims", 0, claim(position, draft, paper))


def document(draft: PaperDraft, paper: Paper) -> dict[str, str]:
    """The row of the table `documents`: what the draft says, then what the text itself says."""
    own = {
        "id": paper.name,
        "title": paper.title,
        "language": paper.language.partition("-")[0],
        "source_file": f"{paper.name}/{TEXT}",
        "source_sha256": paper.sha256,
        "locators_machine_checked": "yes",
    }
    return _filled(own | _filled(draft.document))


def claim(position: DraftPosition, draft: PaperDraft, paper: Paper) -> dict[str, str]:
    """The row of the table `claims`: the codes, and the place with its digest."""
    start, passage = position.ranges[0][0], paper.cut(position.ranges)
    heading = paper.heading_of(start) or draft.document.get("title") or paper.title or paper.name
    page = paper.page_of(start)
    codes = {column: "; ".join(values) for column, values in position.codes.items()}
    cells = {
        "id": claim_id(draft, position),
        "document": paper.name,
        "actor": speaker(draft.document),
        **_filled(codes),
        "locator_heading": first_words(heading),
        "locator_first_words": first_words(passage),
        "locator_page": str(page) if page else "",
        "locator_start": "; ".join(str(start) for start, _ in position.ranges),
        "locator_end": "; ".join(str(end) for _, end in position.ranges),
        "passage_sha256": position.sha256,
        "status": position.status,
        "coder": draft.coder,
        **settling.coder_codes(position),
    }
    return _filled(cells)


def first_words(text: str) -> str:
    """The first words of a text, eight at most."""
    return " ".join(text.split()[:_WORDS])


def speaker(document: Mapping[str, str]) -> str:
    """Who holds a position that names no actor: the only one who speaks, or all who answer together.

    Args:
        document: values by column of the table `documents`.
    """
    actors = document.get("actors", "")
    return actors if ";" not in actors or document.get("joint", "").casefold() in _YES else ""


def _used(draft: PaperDraft) -> set[str]:
    """The names that accepted positions, the document and the rows of tables use."""
    accepted = (position for position in draft.positions if position.status is Status.ACCEPTED)
    texts = [value for position in accepted for values in position.codes.values() for value in values]
    texts += draft.document.values()
    for records in draft.tables.values():
        texts += [text for cells in records for column, text in cells.items() if column != "id"]
    return {part.strip() for text in texts for part in text.split(";")}


def _check_wording(draft: PaperDraft, paper: Paper) -> None:
    """The graph holds own words: a paraphrase that copies the paper stays out (`building.wording`)."""
    findings = Findings()
    paraphrases = [
        (position, column, position.code(column))
        for position in draft.positions
        if position.status is Status.ACCEPTED
        for column in ("paraphrase_de", "paraphrase_en")
    ]
    copies = wording.copied((paraphrase for *_, paraphrase in paraphrases), paper.text)
    for (position, column, paraphrase), words in zip(paraphrases, copies, strict=True):
        if words:
            row = SheetRow(_called(position, paper), "claims", 0, {column: paraphrase})
            problem = f"copies more than {wording.MOST} words of the paper (“{words} …”)"
            findings.add(row, column, problem, "Say it in own words.")
    findings.refuse(name_of(draft))


def _check_reasons(draft: PaperDraft, paper: Paper) -> None:
    findings = Findings()
    for position in settling.unexplained(paper, draft):
        if position.status is Status.ACCEPTED:
            row = SheetRow(_called(position, paper), "claims", 0, {})
            findings.add(row, "resolved", "is missing, and its coders differ", "Give the reason in the review.")
    findings.refuse(name_of(draft))


def _called(position: DraftPosition, paper: Paper) -> str:
    return f"position {position.id} (“{first_words(paper.cut(position.ranges))} …”)"


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text}
