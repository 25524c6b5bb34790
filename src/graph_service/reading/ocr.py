"""Pages that are pictures, read by tesseract (Debian: tesseract-ocr, with tesseract-ocr-deu for German)."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Callable

import pypdfium2

from graph_service.errors import SettingsError, SourceError
from graph_service.reading.pdf_segments import PageText, Segment

PAGE_SECONDS = 120
_SHOWN = 200
_SCALE = 300 / 72
_LANGUAGES = {"de": "deu", "en": "eng", "fr": "fra", "it": "ita", "es": "spa", "pl": "pol", "nl": "nld", "tr": "tur"}
_WORD_LEVEL = "5"


def scan_reader(language: str) -> Callable[[pypdfium2.PdfPage, int], PageText]:
    """What reads the picture of a page.

    Raises:
        SettingsError: tesseract or its data for this language is not installed.
    """
    program = shutil.which("tesseract")
    data = _LANGUAGES.get(language or "de", language)
    if program is None:
        hint = f"Install it: apt-get install tesseract-ocr tesseract-ocr-{data}."
        raise SettingsError("--ocr needs the program tesseract, which is not installed.", hint=hint)
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    if data not in (listed.stdout + listed.stderr).split():
        hint = f"Install them: apt-get install tesseract-ocr-{data}."
        raise SettingsError(f"tesseract has no data for the language {data}.", hint=hint)

    def read(page: pypdfium2.PdfPage, number: int) -> PageText:
        width, height = page.get_size()
        return PageText(number, width, height, _segments(_recognised(program, page, number, data)))

    return read


def _recognised(program: str, page: pypdfium2.PdfPage, number: int, data: str) -> str:
    """Tesseract's table of words on a page (TSV)."""
    bitmap = page.render(scale=_SCALE, grayscale=True)
    pixels = bitmap.to_numpy().squeeze()
    picture = f"P5 {pixels.shape[1]} {pixels.shape[0]} 255\n".encode() + pixels.tobytes()
    command = [program, "stdin", "stdout", "-l", data, "--dpi", "300", "tsv"]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, check=True, timeout=PAGE_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        message = f"tesseract needs more than {PAGE_SECONDS} s for page {number}."
    except subprocess.CalledProcessError as error:
        message = f"tesseract fails on page {number}: {str(error.stderr, 'utf-8', 'replace').strip()[:_SHOWN]}"
    else:
        return str(done.stdout, "utf-8")
    raise SourceError(message, hint="Leave such pages out: --skip-pictures.")


def _segments(table: str) -> list[Segment]:
    """One segment for each line; the height of a line stands for the size of its type."""
    lines: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD_LEVEL and row["text"].strip():
            lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    return [_segment(words) for words in lines.values()]


def _segment(words: list[dict[str, str]]) -> Segment:
    text, lefts = "", []
    for word in words:
        left = int(word["left"]) / _SCALE
        if text:
            text += " "
            lefts.append(left)
        text += word["text"]
        lefts += [left] * len(word["text"])
    top = min(int(word["top"]) for word in words) / _SCALE
    bottom = max(int(word["top"]) + int(word["height"]) for word in words) / _SCALE
    right = max(int(word["left"]) + int(word["width"]) for word in words) / _SCALE
    return Segment(text, lefts[0], right, top, bottom, round(bottom - top), bold=False, lefts=lefts)
