"""Words of pages: each text is in the language that the page says it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx2
import pytest

from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.http import web
from graph_service.rdf.namespaces import PREFIXES, RDFS
from graph_service.snapshots.snapshot import Snapshot
from tests.browser.page_types import LANGUAGES, PAGE_TYPES, PROBLEMS, address
from tests.conftest import ROOT
from tests.snapshot_servers import QUERIES

NAMING = tuple(f"<{iri}>" for iri in (f"{RDFS}label", *(PREFIXES["skos"] + n for n in ("prefLabel", "definition"))))

# The commonest words of each language that are none of the other.
GERMAN = (
    "der die das den dem des ein eine einen einem einer und oder nicht ist sind war wird werden wurde wer wo "
    "wie wenn mit von vom zu zum zur für auf aus bei nach über unter durch sich als auch nur noch kein keine "
    "sie es er wir diese dieser dieses jede jeder alle hat haben soll sollen kann können dass"
)
ENGLISH = (
    "the a of and or not is are be been by with from to for on at as it its this that these those which who "
    "whom what where when how no only than then they their there has have had should can must may each every "
    "any all more other about into"
)
STOP_WORDS = {"de": frozenset(GERMAN.split(" ")), "en": frozenset(ENGLISH.split(" "))}
# Addresses, and what stands in quotation marks: names keep their language.
NAMES = re.compile(r"“[^”]*”|„[^“]*“|\S*[./]\S*\w")
BY_SIGHT = ("alt", "aria-label", "placeholder", "title")
# What is written for programs; a title has no language of its own, whatever the name that it begins with.
CODE = frozenset(("title", "code", "pre", "textarea", "script", "style", "samp", "kbd", "svg"))
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))


class SpokenTexts(HTMLParser):
    """The texts of a page, with the language that each of them is said to be in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the language of an element, and its attributes that people read."""
        given = dict(attrs)
        said = given.get("lang")
        language = self._language if said is None else said
        # A link says in which language the page is that it leads to, in that language.
        self.found += [(language, text) for name in BY_SIGHT if (text := given.get(name))]
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what HTML lets stand open in it."""
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not any(name in CODE for name, _ in self._open):
            self.found.append((self._language, data))

    @property
    def _language(self) -> str:
        return self._open[-1][1] if self._open else ""


def in_the_wrong_language(html: str) -> Iterator[str]:
    """Texts that hold more of the commonest words of the other language than of their own; a name may hold one."""
    reader = SpokenTexts()
    reader.feed(html)
    for language, text in reader.found:
        # A digest is no word, whatever letters stand between its digits.
        words = re.findall(r"(?<!\w)[^\W\d_]+(?!\w)", NAMES.sub(" ", text).casefold())
        own = language.partition("-")[0]
        if own in STOP_WORDS:
            (other,) = STOP_WORDS.keys() - {own}
            foreign, native = (sum(word in STOP_WORDS[name] for word in words) for name in (other, own))
            if foreign > max(1, native):
                yield f"{language}: {text.strip()[:200]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_in_the_language_that_it_is_said_to_be_in(client: httpx2.Client, language: str) -> None:
    paths = dict.fromkeys(PAGE_TYPES.values(), 200) | dict(PROBLEMS.values())
    answers = {path: client.get(address(path, language), headers={"accept": "text/html"}) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == paths
    pages = {path: answer.text for path, answer in answers.items()}
    assert all(f'<html lang="{language}"' in html for html in pages.values())
    assert {path: found for path, html in pages.items() if (found := sorted(set(in_the_wrong_language(html))))} == {}


def test_a_note_in_the_other_language_is_found() -> None:
    german = (
        '<html lang="de"><p>Wer steht wo?<br><b lang="en">This is not there in German.</b>'
        '<img alt="A map of all the parties"></p>'
    )
    assert list(in_the_wrong_language(german)) == ["de: A map of all the parties"]
    mixed = '<html lang="en"><li>Who is for it</li><li>Der Text wurde nicht gefunden</li><code>der die das</code>'
    assert list(in_the_wrong_language(mixed)) == ["en: Der Text wurde nicht gefunden"]


# Words of the last column of the table in `docs/model.md` that mean nothing else anywhere.
AVOIDED = {
    "en": r"\btopics?\b|\bcaveats?\b|\bgone through\b|\bfacts\b",
    "de": r"\bDatenbest[aä]nd|\bUrheber|\bAutor|durchgesehen|Erschließung|Prüfst[aä]nd|\bFakt(en)?\b|abgeleitete",
}


def test_pages_queries_and_labels_keep_to_the_glossary(shipped_snapshot: Snapshot) -> None:
    ontology = shipped_snapshot.manifest.names.ontology_graph
    glossary = (ROOT / "docs" / "model.md").read_text(encoding="utf-8").partition("## Words for it")[2]
    for language, avoided in AVOIDED.items():
        texts = {key: text for key, text in web.words(language).items() if not key.startswith(("mcp.", "llms."))}
        for query in Catalogue(QueryFiles((QUERIES,))):
            texts[f"{query.name} title"] = query.header.title.get(language, "")
            texts[f"{query.name} description"] = query.header.description.get(language, "")
        for quad in shipped_snapshot.quads():
            if quad.predicate in NAMING and quad.graph == ontology and quad.object.endswith(f"@{language}"):
                texts[f"{quad.subject} {quad.predicate}"] = quad.object
        assert len(texts) > 500
        assert {key: text for key, text in texts.items() if re.search(avoided, text)} == {}
        assert len(re.findall(avoided, glossary)) >= 3
