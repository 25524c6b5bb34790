"""W3C's vocabularies and a thesaurus, served as they are: no dead link, no bare IRI where there is a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from zlib import crc32

import httpx2
import pyoxigraph as ox
import pytest

from tests.housing import thesaurus, vocabularies
from tests.housing.project import command, served
from tests.housing.test_site import HTML, PROGRAMS

CONCEPTS = 400
RDFS, SKOS = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2004/02/skos/core#"
# Of these there are too many for a test, and each is like the others.
LEFT_OUT = ("/ns/thesaurus.example/c/", "/.well-known/genid/", "view=statements", "page=")
fetched = pytest.mark.skipif(not vocabularies.THERE, reason="make assets fetches the vocabularies from npm")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    files = vocabularies.write_turtle(tmp_path_factory.mktemp("turtle"))
    project = vocabularies.make(tmp_path_factory.mktemp("vocabularies") / "project", concepts=CONCEPTS, files=files)
    with served(project) as client:
        yield client


@pytest.fixture(scope="module")
def pages(client: httpx2.Client) -> Mapping[str, str]:
    """Pages of the vocabularies in one language: all of ontologies and classes, every sixth of a term."""
    waiting, pages = ["/", "/ontology.html"], dict[str, str]()
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        answer = client.get(address, headers=HTML | {"accept-language": "en"}, follow_redirects=True)
        assert answer.status_code == 200, address
        pages[address] = answer.text
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', answer.text):
            target = urldefrag(urljoin(address, unescape(link)))[0]
            leads_on = not urlsplit(target).scheme and "lang=" not in target and not target.startswith(PROGRAMS)
            chosen = "/page?iri" not in target or crc32(target.encode()) % 6 == 0
            if leads_on and chosen and not any(part in target for part in LEFT_OUT):
                waiting.append(target)
    return pages


@fetched
def test_turtle_and_n_quads_of_a_vocabulary_build_the_same_statements(tmp_path: Path) -> None:
    def built(name: str, files: Sequence[Path]) -> ox.Dataset:
        project = vocabularies.make(tmp_path / name, concepts=1, files=files)
        lines = command("export", "-f", "ntriples", project=project).stdout
        # The numbers of blank nodes follow the order in which a syntax writes them.
        lines = re.sub(r"<[^>]*/\.well-known/genid/([^>]*)>", lambda node: f"_:{crc32(node[1].encode())}", lines)
        found = ox.Dataset(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
        found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return found

    turtle = built("turtle", vocabularies.write_turtle(tmp_path))
    assert len(turtle) > 1000
    assert turtle == built("quads", vocabularies.FILES)


@fetched
def test_pages_of_vocabularies_lead_to_pages_and_show_labels(pages: Mapping[str, str]) -> None:
    quads = [quad for file in vocabularies.FILES for quad in ox.parse(path=file, format=ox.RdfFormat.N_QUADS)]
    named = (f"{RDFS}label", f"{SKOS}prefLabel")
    labelled = {quad.subject.value for quad in quads if quad.predicate.value in named}
    assert (len(pages) > 60, len(labelled) > 200) == (True, True)
    bare = set()
    for address, page in pages.items():
        for href, shown in re.findall(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>([^<]*)</a>', page):
            path, _, fragment = unquote(unescape(href)).partition("#")
            # Links within a page are those of its ontology; paths leave out `ns/`, which is the base.
            place = (path or unquote(address)).partition("?lang")[0].removesuffix("#")
            if "/edition/" in path:
                continue
            for namespace in ("ns/org#", "ns/prov#", "ns/dcat#", "skos/core#") if fragment and ":" in shown else ():
                if place.endswith(namespace[:-1].removeprefix("ns")):
                    bare |= {(shown, one) for one in labelled if one.endswith(f"/{namespace}{fragment}")}
    assert not bare


@fetched
def test_what_only_rules_need_is_not_shown(client: httpx2.Client) -> None:
    page = client.get("/page", params={"iri": "http://www.w3.org/ns/org#originalOrganization"}, headers=HTML).text
    assert "foaf:Agent" in page
    # The range is a class without a name, by inference alone.
    assert "genid" not in page


def test_a_graph_and_an_empty_fragment_have_pages(client: httpx2.Client) -> None:
    graph = client.get("/page?iri=http://www.w3.org/ns/notes%23&lang=en", headers=HTML)
    assert (graph.status_code, "/graphs?graph=http://www.w3.org/ns/notes%23" in graph.text) == (200, True)
    assert "A note" in client.get("/page?iri=http://www.w3.org/ns/note%23&lang=en", headers=HTML).text


def test_the_menu_leads_to_pages_that_are_there(client: httpx2.Client) -> None:
    page = client.get("/?lang=en", headers=HTML).text
    assert ("Knowledge graph" in page, "/things?lang=en" in page, "/actors" in page) == (True, True, False)


def test_a_large_scheme_is_shown_from_its_top(client: httpx2.Client) -> None:
    scheme = client.get(f"/page?iri={thesaurus.BASE}&lang=en", headers=HTML, follow_redirects=True).text
    assert (f"({CONCEPTS})" in scheme, "1 to 100 of 150" in scheme) == (True, True)
    following = re.search(r'rel="next" href="([^"]*)"', scheme)
    assert following
    assert "101 to 150 of 150" in client.get(unescape(following[1]), headers=HTML).text


def test_a_search_with_more_hits_than_it_shows_says_so_and_leads_to_narrower_ones(client: httpx2.Client) -> None:
    page = client.get("/search?q=named&lang=en", headers=HTML).text
    assert "More than" not in page
    page = client.get("/search", params={"q": "pond", "lang": "en"}, headers=HTML).text
    assert "More than 60 things fit" in page
    narrower = re.findall(r'href="(/search\?[^"]*class=[^"]*)"', page)
    assert narrower
    inside = client.get(unescape(narrower[0]), headers=HTML).text
    assert inside.count('<p class="said">') == 60
    assert not re.search(r'href="/search\?[^"]*class=', inside.partition("<main")[2])
    other = client.get("/search", params={"q": "pond", "class": "owl:Ontology", "lang": "en"}, headers=HTML).text
    assert '<p class="said">' not in other


def test_a_concept_has_its_names_in_all_languages_and_its_uses(client: httpx2.Client) -> None:
    page = client.get("/page/ns/thesaurus.example/c/1?lang=en", headers=HTML).text
    assert re.search(r'<span lang="pt-BR">[a-z ]+ 1</span> <small>\(pt-br\)</small>', page)
    assert re.search(r'<span lang="ar" dir="rtl">', page)
    assert "Broader" in client.get("/page/ns/thesaurus.example/c/200?lang=en", headers=HTML).text


def test_the_narrower_concepts_of_a_concept_are_shown_a_few_at_a_time(client: httpx2.Client) -> None:
    page = client.get(f"/page/ns/thesaurus.example/c/{thesaurus.WIDE}?lang=en", headers=HTML).text
    assert "1 to 100 of 12" in page
    assert re.search(r"24 of 1\d\d are drawn", page)
    following = re.search(r'rel="next" href="([^"]*)"', page)
    assert following
    rest = client.get(unescape(following[1]), headers=HTML).text
    shown = [set(re.findall(r'href="[^"]*thesaurus.example/c/(\d+)', one)) for one in (page, rest)]
    below = [{number for number in one if int(number) % 2 and int(number) >= 150} for one in shown]
    assert len(below[0] | below[1]) == 125


def test_values_and_uses_that_are_too_many_for_a_page_are_a_query_away(client: httpx2.Client) -> None:
    many = client.get("/page/ns/thesaurus.example/many?lang=en", headers=HTML).text
    used = client.get(f"/page/ns/thesaurus.example/c/{thesaurus.WIDE}?lang=en&view=statements", headers=HTML).text
    for page, shown, count in ((many, "30 more, as a query", vocabularies.MANY), (used, "All uses, as a query", 126)):
        address = re.search(rf'href="(/sparql[^"]*)">{shown}', page)
        assert address
        answer = client.get(unescape(address[1]), headers={"accept": "text/csv"})
        assert len(set(answer.text.splitlines())) > count, answer.text


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("lake", "lake of labels"),
        ("lake-en", "lake of labels"),
        ("one", "named by schema.org"),
        ("two", "named by schema.org as it was"),
        ("three", "named by FOAF"),
        ("four", "named by DCMI"),
        ("five", "named by DCMI as it was"),
    ],
)
def test_a_thing_is_called_by_the_properties_that_others_name_by(client: httpx2.Client, name: str, label: str) -> None:
    page = client.get(f"/page/ns/thesaurus.example/named/{name}?lang=en", headers=HTML).text
    assert re.search(rf"<h1[^>]*>{label}</h1>", page)
    hits = client.get("/api/search", params={"q": label, "lang": "en"}).json()["hits"]
    assert label in {hit["label"] for hit in hits}
    if name == "lake":
        assert "mere" in page
