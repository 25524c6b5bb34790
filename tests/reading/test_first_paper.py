"""The passages of the first paper in files of other formats, made of its text: found, in the coded words.

In the text file the digests are those of the coding. PDF, Word and HTML have other blanks between blocks, so that
places differ; a passage within one block has the same words with one blank between them, and so the same digest. One
passage (the imprint, two lines with a tab) has other blanks and is compared with all blanks alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from graph_service.building import evidence
from graph_service.building.evidence import CitedPassage
from graph_service.reading import file_kinds
from graph_service.reading.paper import BlockKind, Paper
from graph_service.reading.passages import cut, digest, source_text
from graph_service.reading.quotations import Found, Quotations
from tests.conftest import ROOT, SHARED
from tests.reading import making
from tests.reading.making import Item, Layout

SOURCE = SHARED / "sources" / "paritaet-sachsen-migration-2019.txt"
DOCUMENT = ROOT / "data" / "documents" / "paritaet-sachsen-migration-2019.ttl"
KINDS = {BlockKind.HEADING: "h1", BlockKind.PARAGRAPH: "p", BlockKind.LIST_ITEM: "li"}
IMPRINT = "Verantwortlich"

pytestmark = pytest.mark.skipif(not SOURCE.is_file(), reason=f"{SOURCE.name} is not on disk (see docs/model.md)")


@pytest.fixture(scope="module")
def coded() -> list[CitedPassage]:
    store = pyoxigraph.Store()
    store.load(path=str(DOCUMENT), format=pyoxigraph.RdfFormat.TURTLE)
    solutions = store.query((ROOT / "queries" / "evidence" / "passages.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    found = evidence.passages({name: getattr(s[name], "value", "") for name in names} for s in solutions)
    assert len(found) == 44
    return found


@pytest.fixture(scope="module")
def source() -> Paper:
    return file_kinds.read(SOURCE, "source")


@pytest.fixture(scope="module")
def items(source: Paper) -> list[Item]:
    """The blocks of the text, what its page footers say once at the end."""
    found = []
    for block in source.blocks:
        text = source.text[block.start : block.end]
        number = re.search(r"\d+\. \Z", source.text[: block.start])
        found.append(Item(KINDS[block.kind], text, number.group().strip() if number else "•"))
    footers = [item for item in found if IMPRINT in item.text]
    assert len(footers) == 3
    return [item for item in found if item not in footers] + footers[:1]


def test_a_text_file_keeps_text_and_digests(source: Paper, coded: list[CitedPassage]) -> None:
    assert source.text == source_text(SOURCE)
    assert [passage.sha256 for passage in coded] == [digest(source.cut(passage.ranges)) for passage in coded]


def two_columns(path: Path, items: list[Item]) -> Path:
    return making.pdf(path, items, Layout(columns=2, size=9, justified=True, header="Position", footer="Seite {}"))


def one_column(path: Path, items: list[Item]) -> Path:
    return making.pdf(path, items, Layout(header="Position", footer="Stand: Juni\nSeite {}"))


@pytest.mark.parametrize(
    ("name", "make"),
    [("a.pdf", one_column), ("b.pdf", two_columns), ("a.docx", making.word), ("a.html", making.page)],
    ids=["PDF", "PDF with two columns", "Word", "HTML"],
)
def test_all_passages_are_found_in_the_coded_words(
    tmp_path: Path, source: Paper, items: list[Item], coded: list[CitedPassage], name: str, make: Callable[..., Path]
) -> None:
    paper = file_kinds.read(make(tmp_path / name, items), "made")
    index = Quotations(paper.text)
    same_digest, same_words = 0, 0
    for passage in coded:
        found = [index.find(source.text[start:end]) for start, end in passage.ranges]
        assert all(isinstance(part, Found) and not part.errors for part in found), passage.iri
        again = cut(paper.text, tuple(each for part in found if isinstance(part, Found) for each in part.ranges))
        same_digest += digest(again) == passage.sha256
        same_words += again.split() == source.cut(passage.ranges).split()
    assert (same_words, same_digest) == (44, 43)
