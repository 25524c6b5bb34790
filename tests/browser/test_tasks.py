"""The twelve tasks of docs/tasks.md, in a browser: three clicks at most, no SPARQL, and a passage or a file at the end.

Each begins on the start page in English. A form that is sent counts as one click, whatever was filled in before.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from tests.browser.chromium import Visitor
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_CLICKS = 3
PROPOSITION = (
    "Family reunification with beneficiaries of subsidiary protection should be possible and not be suspended."
)
MENU, FOOTER, FORM = "header nav.main", "footer", "main form.filters"
# What is done and where: click a selector of Playwright, fill in a field, choose in one.
Step: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """What somebody wants, the way to it, and what is at its end.

    Attributes:
        wants: as docs/tasks.md has it.
        clicks: how many it takes, forms that are sent included.
        steps: the last one leads to the passage or is the link of the file.
        passage: what the passage's place on the page says; empty where the end is a file.
        file: reads the file and gives how much is in it.
        least: so much is in it at least.
    """

    wants: str
    clicks: int
    steps: Sequence[Step]
    passage: str = ""
    file: Callable[[bytes], int] | None = None
    least: int = 1


def table(content: bytes) -> int:
    """Rows of a CSV file, all as long as its head."""
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert all(len(row) == len(head) > 2 for row in rows)
    return len(rows)


def workbook(content: bytes) -> int:
    """Rows of the first sheet of an XLSX file."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    return len(sheet.findall(".//{*}row"))


def triples(content: bytes) -> int:
    """Triples of a Turtle file."""
    return len(list(ox.parse(content, format=ox.RdfFormat.TURTLE)))


def quads(content: bytes) -> int:
    """Statements of N-Quads in gzip."""
    return sum(1 for _ in ox.parse(gzip.decompress(content), format=ox.RdfFormat.N_QUADS))


def paragraphs(content: bytes) -> int:
    """Paragraphs of a document of Word."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return len(ElementTree.fromstring(parts.read("word/document.xml")).findall(".//{*}p"))


def shapes(content: bytes) -> int:
    """Texts in an SVG picture."""
    return len(ElementTree.fromstring(content).findall(".//{*}text"))


def edges(content: bytes) -> int:
    """Edges of a GEXF or GraphML file."""
    return len(ElementTree.fromstring(content).findall(".//{*}edge"))


def positions(content: bytes) -> int:
    """Positions in an answer of the API."""
    return len(json.loads(content)["items"])


TASKS = (
    # A policy analyst
    Task(
        "What the SPD says on family reunification, 2013 to 2025",
        2,
        (
            ("click", "main section li a:has-text('Family reunification')"),
            ("click", "#elections ~ .wide tr:has(a:text-is('SPD')) td[data-head*='2017 - 2021'] a >> nth=0"),
        ),
        passage="Family reunification with beneficiaries of subsidiary protection",
    ),
    Task(
        "Who is against independent asylum counselling, and where it says so",
        3,
        (
            ("fill", "#ask", "independent asylum counselling"),
            ("click", "main form[role=search] button"),
            ("click", "main .hits a:has-text('asylum-procedure counselling') >> nth=0"),
            ("click", "main .standing tr:has([data-stance=against]) a[href*='#passage'] >> nth=0"),
        ),
        passage="asylum-procedure counselling",
    ),
    Task(
        "A brief with sources for my board",
        3,
        (
            ("click", f"{MENU} >> text=Brief"),
            ("fill", f"{FORM} input[name=proposition]", PROPOSITION),
            ("click", f"{FORM} button"),
            ("click", "main a[href*='format=docx']"),
        ),
        file=paragraphs,
        least=20,
    ),
    # A network researcher
    Task(
        "Who argues alike, as a network for Gephi",
        3,
        (
            ("click", f"{MENU} >> summary:text-is('Compare')"),
            ("click", f"{MENU} >> text=Network"),
            ("click", "main a[href*='format=gexf']"),
        ),
        file=edges,
        least=50,
    ),
    Task(
        "Where the SPD and the Greens agree and differ, as a table",
        3,
        (
            ("click", "main .cards a[href*='/compare']"),
            ("choose", f"{FORM} select[name=actor] >> nth=0", "id/actor/spd"),
            ("choose", f"{FORM} select[name=actor] >> nth=1", "id/actor/gruene"),
            ("click", f"{FORM} button"),
            ("click", "main a[href*='format=xlsx']"),
        ),
        file=workbook,
        least=50,
    ),
    Task(
        "Which actors are close to which, as a table with labels",
        3,
        (
            ("click", f"{MENU} >> text=Questions"),
            ("click", "main a[href*='/questions/who-agrees-with-whom']"),
            ("click", "main a[href*='format=csv-excel']"),
        ),
        file=table,
        least=5,
    ),
    # A publisher of linked data
    Task(
        "The newest document as Turtle",
        2,
        (("click", "main section:last-of-type .hits a >> nth=0"), ("click", "main .data a[type='text/turtle']")),
        file=triples,
        least=15,
    ),
    Task(
        "The ontology as Turtle",
        2,
        (("click", f"{FOOTER} >> text=Ontology"), ("click", "main a[type='text/turtle']")),
        file=triples,
        least=300,
    ),
    Task(
        "The whole data set as a file",
        3,
        (
            ("click", f"{MENU} summary:text-is('Data')"),
            ("click", f"{MENU} >> text=Downloads"),
            ("click", "main a[href$='/dump/graph.nq.gz']"),
        ),
        file=quads,
        least=50_000,
    ),
    # A builder of dashboards
    Task(
        "All positions as a table",
        2,
        (("click", f"{MENU} >> text=Positions"), ("click", "main a[href*='format=csv&']")),
        file=table,
        least=900,
    ),
    Task(
        "The positions against an issue's propositions as JSON",
        3,
        (
            ("click", f"{MENU} >> text=Positions"),
            ("choose", f"{FORM} select[name=issue]", "id/issue/family-reunification"),
            ("choose", f"{FORM} select[name=agreement]", "-1"),
            ("click", f"{FORM} button"),
            ("click", "main a[href*='format=json']"),
        ),
        file=positions,
        least=5,
    ),
    Task(
        "Who is for and against by issue, as a picture to embed",
        3,
        (
            ("click", "main .cards a[href*='/charts']"),
            ("click", "main a:text-is('For and against by issue')"),
            ("click", "main a[href*='.svg']"),
        ),
        file=shapes,
        least=20,
    ),
)


def walk(page: Page, steps: Sequence[Step]) -> int:
    """Take the steps; how many clicks they took."""
    clicks = 0
    for what, where, *given in steps:
        place = page.locator(where).first
        if what == "fill":
            place.fill(*given)
        elif what == "choose":
            place.select_option(*given)
        elif "summary" in where:
            place.click()
            clicks += 1
        else:
            with page.expect_navigation():
                place.click()
            clicks += 1
    return clicks


@pytest.mark.parametrize("task", TASKS, ids=[task.wants for task in TASKS])
def test_task(visitor: Visitor, task: Task) -> None:
    page = visitor.visit("/?lang=en")
    if task.file is None:
        assert walk(page, task.steps) == task.clicks <= MOST_CLICKS
        place = page.locator(":target")
        assert place.locator("q").count()
        assert task.passage in place.inner_text()
        box = place.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < page.viewport_size["height"]  # type: ignore[index]
    else:
        assert walk(page, task.steps[:-1]) + 1 == task.clicks <= MOST_CLICKS
        link = page.locator(task.steps[-1][1]).first
        link.wait_for()
        answer = page.request.get(urljoin(page.url, link.get_attribute("href")))
        assert answer.status == 200
        assert task.file(answer.body()) >= task.least
    assert "/sparql" not in page.url
    assert not visitor.complaints


def test_the_tasks_are_those_of_the_page() -> None:
    text = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| \d+ \| (.*?) \|.*\| (\d) \|", text, flags=re.MULTILINE)
    assert told == [(task.wants, str(task.clicks)) for task in TASKS]
