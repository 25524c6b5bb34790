"""Papers read from Word files, in Word's own structure."""

from __future__ import annotations

import contextlib
import random
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from graph_service.errors import SourceError
from graph_service.reading import file_kinds
from graph_service.reading.paper import BlockKind, Paper
from tests.reading import making
from tests.reading.test_pdf import PAPER, blocks, read, removed


def saved(tmp_path: Path, document: Any) -> Paper:
    document.save(str(tmp_path / "a.docx"))
    return read(tmp_path / "a.docx")


def run(xml: str) -> Any:
    return parse_xml(f"<w:r {nsdecls('w')}>{xml}</w:r>")


def test_headings_paragraphs_and_items_are_read(tmp_path: Path) -> None:
    paper = read(making.word(tmp_path / "a.docx", PAPER, title="Titel"))
    assert [paper.text[block.start : block.end] for block in paper.blocks] == [item.text for item in PAPER]
    assert [block.level for block in paper.blocks if block.kind is BlockKind.HEADING] == [1, 2]
    assert len(blocks(paper, BlockKind.LIST_ITEM)) == 3
    assert (paper.title, paper.pages) == ("Titel", ())


def test_numbers_are_those_that_word_shows(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("Erstens", "Zweitens", "Drittens"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("Dazwischen")
    document.add_paragraph("Viertens", style="List Number")
    paper = saved(tmp_path, document)
    assert paper.text == "1. Erstens\n2. Zweitens\n3. Drittens\n\nDazwischen\n\n4. Viertens"
    assert blocks(paper, BlockKind.LIST_ITEM) == ["Erstens", "Zweitens", "Drittens", "Viertens"]


def test_numbers_of_several_levels(tmp_path: Path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text) in enumerate([("upperRoman", "%1."), ("lowerLetter", "%2)"), ("decimal", "%1.%2.%3")])
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, text in ((0, "eins"), (1, "a"), (1, "b"), (2, "tief"), (0, "zwei"), (1, "wieder a")):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )
    paper = saved(tmp_path, document)
    assert paper.text == "I. eins\na) a\nb) b\nI.b.1 tief\nII. zwei\na) wieder a"
    assert [block.level for block in paper.blocks] == [1, 2, 2, 3, 1, 2]


def test_rows_of_a_table_have_their_cells(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Davor")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells], ["Land", "Stellen", "Sachsen", "12"], strict=True
    ):
        cell.text = text
    document.add_paragraph("Danach")
    paper = saved(tmp_path, document)
    assert blocks(paper, BlockKind.TABLE_ROW) == ["Land\tStellen", "Sachsen\t12"]
    assert paper.text == "Davor\n\nLand\tStellen\nSachsen\t12\n\nDanach"


def test_a_footnote_stands_behind_the_paragraph_of_its_mark(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Das ist belegt")
    paragraph._p.append(run('<w:footnoteReference w:id="7"/>'))
    paragraph.add_run(" und bekannt.")
    document.add_paragraph("Danach.")
    note = "".join(
        f'<w:footnote w:id="{number}"{kind}><w:p>'
        f"<w:r><w:footnoteRef/></w:r><w:r><w:t> {text}</w:t></w:r></w:p></w:footnote>"
        for number, kind, text in [(0, ' w:type="separator"', "x"), (7, "", "Siehe den Bericht.")]
    )
    part = Part(
        PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES,
        f"<w:footnotes {nsdecls('w')}>{note}</w:footnotes>".encode(), document.part.package,
    )  # fmt: skip
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    paper = saved(tmp_path, document)
    assert paper.text == "Das ist belegt und bekannt.\n\n1 Siehe den Bericht.\n\nDanach."
    assert blocks(paper, BlockKind.FOOTNOTE) == ["Siehe den Bericht."]
    assert removed(paper, "footnote-mark") == ["1"]


def test_insertions_are_read_and_deletions_are_not(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Wir fordern ")
    for tag, text in (("del", "<w:delText>wenig</w:delText>"), ("ins", "<w:t>mehr</w:t>")):
        change = parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a"><w:r>{text}</w:r></w:{tag}>')
        paragraph._p.append(change)
    paragraph.add_run(" Geld.")
    assert saved(tmp_path, document).text == "Wir fordern mehr Geld."


def test_headers_and_footers_are_listed_and_not_in_the_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    document.sections[0].header.paragraphs[0].text = "Verein"
    document.sections[0].footer.paragraphs[0].text = "Seite"
    paper = saved(tmp_path, document)
    assert paper.text == "Text"
    assert (removed(paper, "page-header"), removed(paper, "page-footer")) == (["Verein"], ["Seite"])


def test_soft_hyphens_ligatures_and_hard_blanks_are_plain(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Inte\u00adgra\ufb01onen,\u00a010\u202f%")
    paragraph._p.append(
        run("<w:br/><w:t>neue Zeile, Bund</w:t><w:noBreakHyphen/><w:t>Länder</w:t><w:softHyphen/><w:t>n</w:t>")
    )
    paper = saved(tmp_path, document)
    assert paper.text == "Integrafionen, 10 % neue Zeile, Bund-Ländern"
    assert {each.kind: each.count for each in paper.removed} == {"ligature": 1, "soft-hyphen": 2}


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"not even that"])
def test_a_broken_file_is_called_broken(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.docx").write_bytes(content)
    with pytest.raises(SourceError, match=r"broken Word file|no paper"):
        file_kinds.read(tmp_path / "a.docx", "a")


def test_a_file_that_unfolds_to_too_much_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a/>")
        with package.open("word/media/big.xml", "w", force_zip64=True) as member:
            for _ in range(300):
                member.write(bytes(1 << 20))
    with pytest.raises(SourceError, match="unfolds to 300 MB"):
        file_kinds.read(tmp_path / "a.docx", "a")


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_file_is_called_broken_or_read(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(making.word(tmp_path / "a.docx", PAPER).read_bytes())
    for _ in range(chance.choice([1, 20, 300])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    (tmp_path / "a.docx").write_bytes(content)
    # Any other error would be a traceback on the command line.
    with contextlib.suppress(SourceError):
        assert read(tmp_path / "a.docx").text
