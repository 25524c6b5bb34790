"""Evaluation: hits by document, passages found, a collection read, tables written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.building.evidence import CitedPassage
from graph_service.commands.cli import main
from graph_service.drafting import debatenet, evaluation_tables, hits, passages_found
from graph_service.drafting.corpus import CodedText
from graph_service.drafting.passages_found import DocumentFound
from graph_service.errors import SourceError
from graph_service.reading import passages
from tests.drafting.papers import CORPUS

LINES = (
    {"quote": "Mehr Beratung", "doc_id": 1, "begin": 0, "end": 13, "claimvalues": ["100", "101"], "name": "N. N."},
    {"quote": "Mehr Beratung", "doc_id": 1, "begin": 0, "end": 13, "claimvalues": ["205"]},
    {"quote": "Nur ein Kapitel", "doc_id": 2, "begin": 5, "end": 20, "claimvalues": ["300"]},
)


def collection(tmp_path: Path, *lines: object) -> Path:
    file = tmp_path / "coded.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


def text(document: str, words: str, code: str) -> CodedText:
    return CodedText(words, "de", {"proposition": (code,)}, f"{document}-{code}", document)


def test_lines_on_one_place_are_one_passage_and_chapters_are_no_codes(tmp_path: Path) -> None:
    [only] = debatenet.read(collection(tmp_path, *LINES))
    assert (only.text, only.document, only.codes["proposition"]) == ("Mehr Beratung", "1", ("101", "205"))


def test_a_line_of_another_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"coded\.jsonl:2.*claimvalues"):
        debatenet.read(collection(tmp_path, LINES[0], {**LINES[1], "claimvalues": "all"}))


def test_nothing_is_learnt_from_the_document_that_is_asked() -> None:
    """Two documents in different folds, each with a code of its own: known only from itself, so never hit."""
    names = sorted({hits.fold_of(f"d{number}"): f"d{number}" for number in range(50)}.items())
    first, second = names[0][1], names[1][1]
    alone = [text(first, "Beratung für Geduldete", "a"), text(second, "Wahlrecht für alle", "b")]
    assert hits.measure(alone, alone).suggested == (0, 0, 0)
    both = [*alone, text(second, "Beratung für Geduldete jetzt", "a"), text(first, "Ein Wahlrecht für alle", "b")]
    assert hits.measure(both, both).suggested == (1, 1, 1)


def test_the_most_frequent_is_counted_without_the_document_that_is_asked() -> None:
    names = sorted({hits.fold_of(f"d{number}"): f"d{number}" for number in range(50)}.items())
    texts = [text(name, f"Satz {fold}", "often" if fold else "seldom") for fold, name in names]
    measured = hits.measure(texts, texts)
    assert measured.most_frequent[0] == pytest.approx(1 - 1 / len(names))
    assert (measured.passages, measured.propositions) == (len(names), 2)


def test_a_passage_is_found_if_half_of_it_is_proposed(tmp_path: Path) -> None:
    sentence = "Das Land muss unabhängige Beratung für Asylsuchende zahlen."
    source = f"Der Verband tagt.\n\n{sentence}\n\nDer Vorstand dankt allen.\n"
    (tmp_path / "a.txt").write_text(source, encoding="utf-8")
    start = source.index(sentence)

    def cited(low: int, high: int) -> CitedPassage:
        sha256 = passages.digest(source[low:high])
        return CitedPassage(f"passage/{low}", "a.txt", ((low, high),), sha256, supports=("position/p-own",))

    near, far = cited(start, start + 40), cited(0, 17)
    # The position of the source is left out, those of other documents and the wordings stay.
    known = replace(CORPUS, texts=(*CORPUS.texts, CodedText("Ganz anders", "de", {}, "p-own", "own-paper")))
    [found] = passages_found.measure(known, [near, far], tmp_path, "de")
    assert (found.coded, found.found, found.proposed, found.right) == (2, 1, 1, 1)
    assert found.again == (2, 0, 0)


def test_documents_tuned_on_are_told_from_the_others() -> None:
    counts = {"a": 5, "b": 10}
    documents = [DocumentFound(f"{name}.txt", 10, n, 4, 2, (9, 1, 0), 2, 1.0) for name, n in counts.items()]
    table = evaluation_tables.of_passages(documents)
    assert "| tuned on | 1 | 10 | 10 | 1.000 | 4 | 0.500 | 9 | 1 | 0 | 0.500 |" in table
    assert "| not tuned on | 1 | 10 | 5 | 0.500 |" in table


@pytest.fixture(scope="module")
def debatenet_a(shared: Path) -> list[CodedText]:
    return debatenet.read(shared / "research" / "debatenet-a.jsonl")


def test_debatenet_reaches_what_the_project_promises(debatenet_a: list[CodedText]) -> None:
    """Half of DebateNet, folds by document: at least .45, .68 and .76."""
    measured = hits.measure(debatenet_a, debatenet_a)
    assert measured.passages > 1500
    assert all(share >= least for share, least in zip(measured.suggested, (0.45, 0.68, 0.76), strict=True))
    assert all(one > 2 * other for one, other in zip(measured.suggested, measured.most_frequent, strict=True))


def test_a_collection_that_is_not_there_is_an_error_of_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["paper", "evaluate", "--collection", str(tmp_path / "none.jsonl")])
    assert result.exit_code == 1
    assert "none.jsonl" in result.stderr
