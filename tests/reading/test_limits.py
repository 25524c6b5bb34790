"""Files that cannot be read, or not within the limits: the error says what is wrong and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from graph_service.errors import SettingsError, SourceError
from graph_service.processes import ProcessLimits
from graph_service.reading import bounded_reading, file_kinds, pdf
from graph_service.reading.file_kinds import Pictures
from tests.reading import making
from tests.reading.making import Item
from tests.reading.test_pdf import OPENING, PAPER


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as error:
        bounded_reading.read(path, "a")
    assert str(path) in str(error.value)
    return error.value


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"PK\x03\x04" + bytes(40), "is no paper: what can be read is PDF, Word (.docx), HTML, Markdown"),
        ("a.csv", b"a,b\n1,2\n", "is no paper"),
        ("a.txt", b"\0\1\2\3", "is no paper"),
        ("a.txt", b"", "is empty"),
        ("a.txt", "Grüße".encode("cp1252"), "is not UTF-8"),
        ("a.txt", b" \n\n ", "has no text"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "is an old or an encrypted Office file"),
        ("a.pdf", b"%PDF-1.7\nbroken", "is a broken PDF"),
    ],
)
def test_what_is_no_paper_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert message in str(refused(tmp_path / name))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file" in str(refused(tmp_path / "a.pdf"))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.pdf").open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(file_kinds.MAX_BYTES + 1)
    assert "has 100 MB; at most 100 MB are read" in str(refused(tmp_path / "a.pdf"))


def test_an_encrypted_file_is_refused_and_one_that_anybody_may_open_is_read(tmp_path: Path) -> None:
    for name, password in (("a.pdf", "secret"), ("b.pdf", "")):
        canvas = Canvas(str(tmp_path / name), encrypt=StandardEncryption(password, ownerPassword="other", canPrint=0))
        canvas.drawString(60, 700, "Ein offener Text")
        canvas.save()
    assert "is encrypted with a password" in str(refused(tmp_path / "a.pdf"))
    assert bounded_reading.read(tmp_path / "b.pdf", "b").text == "Ein offener Text"


def test_a_torn_file_is_refused_or_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = making.pdf(tmp_path / "whole.pdf", PAPER).read_bytes()
    for part in range(1, 10):
        (tmp_path / "a.pdf").write_bytes(whole[: len(whole) * part // 10])
        try:
            read = bounded_reading.read(tmp_path / "a.pdf", "a")
        except SourceError:
            continue
        assert read.text


def test_too_many_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    making.pdf(tmp_path / "a.pdf", [Item("p", OPENING)] * 60)
    with pytest.raises(SourceError, match=r"has \d+ pages; at most 2 are read"):
        file_kinds.read(tmp_path / "a.pdf", "a")


def scan(path: Path, pages: str) -> Path:
    """A PDF with a page for each letter: `s` a scan, `t` text."""
    making.pdf(path, PAPER)
    document = pypdfium2.PdfDocument(path)
    picture = document[0].render(scale=200 / 72).to_pil()
    document.close()
    canvas = Canvas(str(path))
    for kind in pages:
        if kind == "s":
            canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        else:
            canvas.drawString(60, 700, "Eine Seite mit genug Text, um keine leere zu sein")
        canvas.showPage()
    canvas.save()
    return path


@pytest.mark.parametrize(
    ("pages", "message"),
    [("s", "on all pages of 1"), ("tst", "on page 2 of 3"), ("sstsss", "on pages 1-2, 4-6 of 6")],
)
def test_scans_without_text_are_named(tmp_path: Path, pages: str, message: str) -> None:
    error = str(refused(scan(tmp_path / "a.pdf", pages)))
    assert f"is a scan without text {message}" in error
    assert "--ocr" in error
    assert "--skip-pictures" in error


def test_pages_that_are_pictures_can_be_left_out(tmp_path: Path) -> None:
    paper = bounded_reading.read(scan(tmp_path / "a.pdf", "stst"), "a", pictures=Pictures.SKIP)
    assert len(paper.pages) == 4
    assert [removed.page for removed in paper.removed if removed.kind == "picture-page"] == [1, 3]
    assert paper.text.count("Eine Seite mit genug Text") == 2


def test_a_page_with_a_small_picture_and_no_text_is_no_scan(tmp_path: Path) -> None:
    scan(tmp_path / "b.pdf", "s")
    picture = pypdfium2.PdfDocument(tmp_path / "b.pdf")[0].render().to_pil()
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawString(60, 700, "Eine Seite mit genug Text")
    canvas.showPage()
    canvas.drawImage(ImageReader(picture), 250, 400, 100, 100)
    canvas.save()
    assert bounded_reading.read(tmp_path / "a.pdf", "a").text == "Eine Seite mit genug Text"


def test_an_empty_page_between_others_is_no_scan(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for text in ("Vorn steht etwas.", "", "Hinten steht etwas."):
        canvas.drawString(60, 700, text)
        canvas.showPage()
    canvas.save()
    paper = bounded_reading.read(tmp_path / "a.pdf", "a")
    assert [(page.start, page.end) for page in paper.pages] == [(0, 19), (19, 19), (19, 38)]
    assert [paper.page_of(place) for place in (0, 19, 37)] == [1, 3, 3]


@pytest.mark.skipif(shutil.which("tesseract") is not None, reason="tesseract is installed")
def test_without_tesseract_it_is_said_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"apt-get install tesseract-ocr tesseract-ocr-deu"):
        bounded_reading.read(scan(tmp_path / "a.pdf", "s"), "a", pictures=Pictures.READ)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_scans_are_read_by_tesseract(tmp_path: Path) -> None:
    paper = bounded_reading.read(scan(tmp_path / "a.pdf", "ts"), "a", pictures=Pictures.READ)
    assert "Das Land fördert Sprachkurse für alle" in paper.text
    assert len(paper.pages) == 2


@pytest.mark.parametrize(
    "limits",
    [ProcessLimits(60, 16 << 20, 1 << 20), ProcessLimits(60, 2 << 30, 100), ProcessLimits(0.05, 2 << 30, 1 << 20)],
    ids=["memory", "output", "time"],
)
def test_what_goes_beyond_the_limits_is_ended(tmp_path: Path, limits: ProcessLimits) -> None:
    path = making.long_pdf(tmp_path / "a.pdf", 10)
    with pytest.raises(SourceError, match="cannot be read: "):
        bounded_reading.read(path, "a", limits=limits)
