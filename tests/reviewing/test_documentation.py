"""What docs/papers.md says of the keys is what the page says; both languages have the same words."""

from __future__ import annotations

import json
import re

from graph_service.coding import paper_draft
from graph_service.http import web
from graph_service.importing import sheet_columns
from graph_service.reviewing import fields, page
from tests.conftest import ROOT

STATIC = ROOT / "src" / "graph_service" / "reviewing" / "static"


def test_the_documentation_lists_every_key() -> None:
    table = (
        (ROOT / "docs" / "papers.md").read_text(encoding="utf-8").partition("| key | does |")[2].partition("\n\n")[0]
    )
    documented = [row.strip("| ").rpartition(" | ")[2] for row in table.splitlines()[2:]]
    in_text = re.search(r"IN_TEXT_NAMES = (\[.*\])", (STATIC / "keys.js").read_text(encoding="utf-8"))
    assert in_text
    elsewhere = re.findall(r'^    \["[^"]+", "([a-z-]+)", ', (STATIC / "deeds.js").read_text(encoding="utf-8"), re.M)
    words = page.words("en")
    assert documented == [words[f"key.{name}"] for name in (*json.loads(in_text[1]), *elsewhere)]


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    german, english = page.words("de"), page.words("en")
    assert german.keys() == english.keys()
    for key in german:
        gaps = [sorted(re.findall(r"\{\w+\}", words[key])) for words in (german, english)]
        assert gaps[0] == gaps[1], key


def test_the_page_and_the_site_style_no_class_alike() -> None:
    """The page takes the colours and controls of the site; a class of its own must not get a look from there too."""
    own = set(re.findall(r"\.([a-z][a-z-]+)", (STATIC / "review.css").read_text(encoding="utf-8")))
    site = (web.STATIC / "site.css").read_text(encoding="utf-8")
    alone = set(re.findall(r"^\.([a-z][a-z-]+)(?=[ :{,])", site, re.M))
    assert len(own) > 40
    assert len(alone) > 20
    assert own & alone == set()


def test_scripts_name_no_word_that_is_missing() -> None:
    words = page.words("en")
    used = {
        key
        for script in STATIC.glob("*.js")
        for key in re.findall(r'\bt\("([a-z.-]+)"', script.read_text(encoding="utf-8"))
    }
    assert len(used) > 40
    assert used <= words.keys()


def test_every_column_of_the_forms_has_a_name_and_is_one_of_a_sheet() -> None:
    words = page.words("de")
    assert {field.name for field in fields.position()} == set(paper_draft.CODES)
    assert all(f"field.{field.name}" in words for field in fields.position())
    assert all(f"fact.{field.name}" in words for field in fields.document())
    assert set(fields.DOCUMENT) <= set(sheet_columns.DOCUMENTS)
    for table, own in fields.TABLES.items():
        known = sheet_columns.TERMS if table == "terms" else (*sheet_columns.TABLES[table],)
        assert set(own) <= set(known)
        assert all(f"new.{column}" in words for column in own)
