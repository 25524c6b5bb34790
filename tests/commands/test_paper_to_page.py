"""From a Word file to the page of a position, by commands and a spreadsheet alone: no Turtle is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import httpx2
import openpyxl
import pytest
from click.testing import CliRunner

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft, passage
from graph_service.commands.cli import main
from graph_service.reading.shelf import Shelf
from tests.conftest import ROOT
from tests.http.processes import served

DEMAND = "Wer in der Pflege arbeiten will, soll ohne Wartezeit einreisen dürfen."
REFUSAL = "Eine Obergrenze für Geflüchtete lehnen wir ab."
DATA = ("--data", str(ROOT / "data"), "--data", "own")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def write_paper(path: Path) -> None:
    """A heading, a paragraph with a demand, and a refusal."""
    paper = docx.Document()
    paper.add_heading("Hände für die Pflege", 1)
    paper.add_paragraph(f"Viele Häuser suchen Personal. {DEMAND}")
    paper.add_paragraph(REFUSAL)
    paper.save(str(path))


def propose(papers: Path) -> None:
    """Two passages as a program or a coder marks them, without any code."""
    shelf = Shelf(papers)
    paper = shelf.read("haende")
    marked = [((paper.text.index(words), paper.text.index(words) + len(words)),) for words in (DEMAND, REFUSAL)]

    def edit(draft: PaperDraft) -> PaperDraft:
        return draft.with_positions(passage(paper, place, f"p{n}", "rules") for n, place in enumerate(marked, 1))

    draft_file.change(shelf, paper, "coder-1", edit)


def code(sheet: Path) -> None:
    """What the curator does in the spreadsheet."""
    book = openpyxl.load_workbook(sheet)

    def put(table: str, row: int, **cells: str) -> None:
        names = [cell.value for cell in book[table][1]]
        for column, value in cells.items():
            book[table].cell(row, names.index(column) + 1).value = value

    put("documents", 2, date="2026-03-01", source_kind="primary", kind="position-paper", actors="pflegebund",
        looked_for="Arbeitsmigration", coverage="whole-text")  # fmt: skip
    put("actors", 2, id="pflegebund", name_de="Pflegebund", name_en="Care union", type="Gewerkschaft", level="Bund")
    put("terms", 2, scheme="target-groups", id="care-workers", label_de="Pflegekräfte", label_en="care workers",
        definition_de="Menschen, die in der Pflege arbeiten.", definition_en="People who work in care.",
        broader="migrant workers")  # fmt: skip
    put("claims", 2, status="accepted", proposition="skilled-immigration", agreement="1", stance="demands",
        kind="demand", target_group="Pflegekräfte", addressee="Bund; Arbeitgeber",
        paraphrase_de="Pflegekräfte sollen ohne Wartezeit einreisen können.")  # fmt: skip
    put("claims", 3, status="rejected", status_reason="coded elsewhere")
    book.save(sheet)


def coded_paper() -> str:
    """A paper that is read, drafted and coded in the working directory; what the last command says."""
    write_paper(Path("haende.docx"))
    run("paper", "read", "haende.docx", "--language", "de")
    propose(Path("papers"))
    run("paper", "sheet", "haende", "-o", "haende.xlsx")
    code(Path("haende.xlsx"))
    return run("paper", "sheet", "haende", "--read", "haende.xlsx")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    directory = tmp_path_factory.mktemp("paper")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        assert "1 accepted, 1 rejected, 0 undecided" in coded_paper()
        assert "added: target-group care-workers" in run("paper", "import", "haende", "--into", "own", "--accept-new")
        assert "1 matches" in run("check", "--sources", "papers", *DATA)
        built = CliRunner().invoke(main, ["build", *DATA, "--snapshots", "snapshots"])
        with served(Path(built.stdout.strip())) as service, service.client() as client:
            yield client


def page(client: httpx2.Client, name: str, language: str) -> str:
    answer = client.get(f"/page/{name}", params={"lang": language})
    assert answer.status_code == 200, name
    return answer.text


def test_the_position_has_a_page_that_says_which_language_is_missing(client: httpx2.Client) -> None:
    said = "Pflegekräfte sollen ohne Wartezeit einreisen können."
    german, english = (page(client, "position/haende-coder-1-p1", language) for language in ("de", "en"))
    assert f"<h1>{said}</h1>" in german
    assert "nur auf" not in german
    assert f'<h1 lang="de">{said}</h1>' in english
    assert "(in German only)" in english
    assert "(in German only)" in page(client, "actor/pflegebund", "en")


def test_no_answer_drops_the_position_for_want_of_a_translation(client: httpx2.Client) -> None:
    params = {"actor": "id/actor/pflegebund", "lang": "en", "format": "csv"}
    assert "ohne Wartezeit" in client.get("/api/queries/positions-of-an-actor", params=params).text
    group = {"group": "id/target-group/migrant-workers", "lang": "en", "format": "csv"}
    assert "ohne Wartezeit" in client.get("/api/queries/demands-on-a-target-group", params=group).text
    asked = {"addressee": "id/actor/arbeitgeber", "lang": "en", "format": "csv"}
    assert "ohne Wartezeit" in client.get("/api/queries/who-is-asked-to-act", params=asked).text
    coverage = client.get("/coverage", params={"lang": "en", "actor": "id/actor/pflegebund"}).text
    assert "Positions paraphrased in one language only: 1" in coverage


def test_the_new_term_has_a_page_and_filters_and_search_know_it(client: httpx2.Client) -> None:
    concept = page(client, "target-group/care-workers", "de")
    assert "Menschen, die in der Pflege arbeiten." in concept
    assert "Arbeitsmigrantinnen und -migranten" in concept
    found = client.get("/api/positions", params={"group": "id/target-group/care-workers", "lang": "de"}).json()
    assert [item["id"].rpartition("/")[2] for item in found["items"]] == ["haende-coder-1-p1"]
    listed = client.get("/positions", params={"by": "mp:concernsGroup", "of": "id/target-group/migrant-workers"})
    assert "haende-coder-1-p1" in listed.text
    assert "haende-coder-1-p1" in client.get("/search", params={"q": "Wartezeit", "lang": "de"}).text


def test_the_words_of_the_paper_are_nowhere_in_the_service(client: httpx2.Client) -> None:
    everything = client.get(
        "/graphs", params={"graph": "https://w3id.org/migration-policy/graph/data/documents/haende"}
    )
    assert DEMAND not in everything.text
