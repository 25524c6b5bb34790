"""Briefs: the page with its form, and the same sentences as Markdown and as a Word file.

The briefs in `briefs/` were read against the pages of their positions. After a change of the data or the words:

    BRIEFS=write pytest tests/pages/test_brief_page.py
"""

from __future__ import annotations

import html
import io
import os
import re
from pathlib import Path

import docx
import httpx2
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm
from markdown_it import MarkdownIt

from tests.pages.conftest import page

BRIEFS = Path(__file__).with_name("briefs")
# File, parameters, language.
GOLDEN = [
    ("issue-en", "issue=citizenship", "en"),
    ("actor-en", "actor=dlt", "en"),
    ("actor-de", "actor=dlt", "de"),
    ("compare-de", "actor=spd&actor=cducsu&issue=citizenship", "de"),
]
TAG = re.compile("<[^>]+>")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def markdown(client: httpx2.Client, query: str, language: str) -> str:
    answer = client.get(f"/brief?{query}&format=md&lang={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-language"] == language
    return answer.text


def word(client: httpx2.Client, query: str, language: str) -> Document:
    answer = client.get(f"/brief?{query}&format=docx&lang={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == DOCX
    return docx.Document(io.BytesIO(answer.content))


def lasting(text: str, client: httpx2.Client) -> str:
    """A brief without what differs between two builds and servers."""
    text = text.replace(str(client.base_url).rstrip("/"), "https://HOST")
    text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", text)
    text = re.sub(r"(data set|Datensatz) [0-9a-f]{12}\b", r"\1 DIGEST", text)
    return re.sub(r"(in use since|in Gebrauch seit) [0-9-]{10}", r"\1 DAY", text)


def paragraphs(text: str) -> list[str]:
    """The words of each paragraph and heading of a Markdown file, as a reader of CommonMark sees them."""
    inline = [one.children or () for one in MarkdownIt("commonmark").parse(text) if one.type == "inline"]
    return ["".join(child.content for child in children if child.type == "text") for children in inline]


@pytest.mark.parametrize(("name", "query", "language"), GOLDEN, ids=[name for name, _, _ in GOLDEN])
def test_the_brief_says_what_was_read(client: httpx2.Client, name: str, query: str, language: str) -> None:
    text = lasting(markdown(client, query, language), client)
    file = BRIEFS / f"{name}.md"
    if os.environ.get("BRIEFS") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("query", "language"), [("issue=asylum", "en"), ("actor=gruene", "de"), ("actor=spd&actor=cducsu", "de")]
)
def test_page_markdown_and_word_say_the_same(client: httpx2.Client, query: str, language: str) -> None:
    given = httpx2.QueryParams(query)
    text = page(client, "/brief", **{name: given.get_list(name) for name in given}, lang=language)
    article = text[text.index('<article class="brief">') : text.index("</article>")]
    blocks = re.findall(r"<(h2|h3|p)\b[^>]*>(.*?)</\1>", article, re.DOTALL)
    on_page = [" ".join(html.unescape(TAG.sub("", inner)).split()) for _, inner in blocks]
    document = word(client, query, language)
    in_word = [" ".join(one.text.split()) for one in document.paragraphs][2:]
    in_markdown = paragraphs(markdown(client, query, language))[2:]
    numbered = [re.sub(r"^[0-9]+ ", "", one) for one in on_page]
    assert in_word == on_page
    assert in_markdown == numbered
    assert len(re.findall('class="sentence"', article)) > 3


def test_the_word_file_has_real_headings_and_links(client: httpx2.Client) -> None:
    document = word(client, "actor=dlt", "de")
    properties, section = document.core_properties, document.sections[0]
    assert properties.title == "Kurzbericht: Deutscher Landkreistag"
    assert properties.language == "de-DE"
    assert properties.author
    assert [round((side or 0) / Mm(1)) for side in (section.page_width, section.page_height)] == [210, 297]
    styles = {one.style.name for one in document.paragraphs if one.style}
    assert {"Title", "Heading 1"} <= styles
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {"de-DE"}
    targets = [one.target_ref for one in document.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.HYPERLINK]
    origin = str(client.base_url).rstrip("/")
    assert f"{origin}/id/position/dlt-06" in targets
    linked = {link.get(qn("r:id")) for link in document.element.body.iter(qn("w:hyperlink"))}
    assert len(linked) == len(targets) > 20
    kinds = {"/".join(path.split("/")[:3]): path for one in targets if (path := one.removeprefix(origin)) != one}
    assert {"/id/position", "/id/document", "/page/document", "/id/caution"} <= kinds.keys()
    for path in kinds.values():
        answer = client.get(path.partition("#")[0], headers={"accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 200, path


def test_the_same_brief_gives_the_same_file(client: httpx2.Client) -> None:
    first = client.get("/brief?actor=dlt&format=docx&lang=de")
    # Another address for the cache, and the same brief.
    second = client.get("/brief?actor=dlt&format=docx&lang=de-x1")
    assert first.headers["content-disposition"] == 'attachment; filename="brief-dlt.docx"'
    assert first.content == second.content


def test_what_is_left_out_is_counted_and_linked(client: httpx2.Client) -> None:
    text = page(client, "/brief", issue="asylum")
    left_out, count = map(int, re.findall(r"For lack of space, (\d+) of (\d+) stances", text)[0])
    assert count - left_out == text.count('class="sentence"')
    assert '<a href="/page/issue/asylum?lang=en">Whole list</a>' in text
    counted = client.get("/api/matrix?issue=asylum&lang=en").json()["propositions"]
    # One of several that say different things at the same time has two sentences.
    assert count == sum(one["agrees"] + one["disagrees"] + one["conditional"] + 2 * one["differing"] for one in counted)
    small = page(client, "/brief", issue="citizenship")
    assert "For lack of space" not in small or "Whole list" in small


def test_every_kind_of_silence_is_told(client: httpx2.Client) -> None:
    text = html.unescape(TAG.sub("", page(client, "/brief", proposition="avb")))
    for words in ("searched, nothing found", "coded, not comparable", "not coded"):
        assert words in text
    cells = client.get("/api/matrix?proposition=avb&lang=en").json()["cells"]
    assert any(one["status"] == "no position found" for one in cells)


def test_names_in_either_language_are_understood(client: httpx2.Client) -> None:
    english = page(client, "/brief", actor="German County Association")
    german = page(client, "/brief", actor="Deutscher Landkreistag")
    assert "<h1>German County Association</h1>" in english
    assert english[english.index("<article") :] != ""
    assert len(re.findall('class="sentence"', german)) == len(re.findall('class="sentence"', english))
    assert 'href="/brief?format=docx&amp;actor=id/actor/dlt&amp;lang=en"' in german


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("actor=Diakonie Deutschlan", "“Diakonie Deutschlan” is not in the data set. Similar: diakonie"),
        ("proposition=self-organisation", "“self-organisation” was withdrawn."),
        ("proposition=avb&actor=spd", "A proposition stands for itself"),
        ("actor=spd&actor=afd&actor=fdp&actor=linke&actor=gruene", "At most 4 actors"),
    ],
)
def test_what_cannot_be_told_says_why(client: httpx2.Client, query: str, said: str) -> None:
    text = html.unescape(client.get(f"/brief?{query}&lang=en", headers={"accept": "text/html"}).text)
    assert said in text
    assert "<article" not in text
    for format_ in ("md", "docx"):
        answer = client.get(f"/brief?{query}&lang=en&format={format_}")
        assert answer.status_code == 422, format_
        assert said.partition(" Similar")[0] in answer.json()["detail"]


def test_without_a_name_there_is_a_form(client: httpx2.Client) -> None:
    text = page(client, "/brief")
    assert text.count("list=") >= 4
    assert "<article" not in text
    assert client.get("/brief?format=md").status_code == 422
    assert client.get("/brief?issue=asylum&format=xlsx").status_code == 406


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/page/issue/asylum", "issue=id/issue/asylum"),
        ("/page/actor/spd", "actor=id/actor/spd"),
        ("/page/proposition/avb", "proposition=id/proposition/avb"),
        ("/compare?actor=id/actor/spd&actor=id/actor/afd", "actor=id/actor/spd&actor=id/actor/afd"),
    ],
)
def test_a_brief_is_one_click_away(client: httpx2.Client, path: str, query: str) -> None:
    text = html.unescape(client.get(path, headers={"accept": "text/html", "accept-language": "en"}).text)
    assert f'<a href="/brief?{query}">' in text
    assert client.get(f"/brief?{query}", headers={"accept": "text/html"}).status_code == 200


def test_a_comparison_with_other_filters_has_no_brief(client: httpx2.Client) -> None:
    text = page(client, "/compare", actor=["spd", "afd"], since="2021-01-01")
    assert "/brief?actor" not in text
