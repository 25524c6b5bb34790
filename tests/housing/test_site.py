"""From `init` to a served and exported site of other data: every name answers, no link is dead, no word is ours."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

import httpx2
import pyoxigraph as ox
import pytest

from tests import engines
from tests.browser.chromium import CHROMIUM, Visitor, chromium
from tests.browser.conftest import NODE_MODULES
from tests.housing.project import BASE, LOGO, OLD, PUBLISHER, TITLE, command, make, served, wait

HTML = {"accept": "text/html"}
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
# What belongs to the shipped model or to its texts and has no place on pages of others; in the mark-up, too.
OURS = re.compile(
    r"[Mm]igration|Positions? |[Pp]ositionen|coded|[Kk]odier|Akteur|\b[Aa]ctors?\b|\bThesen\b|[Pp]roposition|Haltung"
    r"|\bissues?\b|Themen\b|Dokumente\b|roll.call|[Pp]assages?\b|Textstelle|\bmp:|stance|w3id|Asyl|asylum|data-stance"
)
# A CURIE of the data's own or a path below the base: what a page shows where it knows no label.
BARE = re.compile(r"(id|def|terms|people|kind|city|\.well-known)[/#]\S*")
# Names that nobody gave a label.
NAMELESS = {
    "def#since",
    "def#near",
    "def#builtIn",
    "id/only/used",
    "people#carl",
    "id/x?y=2",
    "storeys",
    "city/wien/charter",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("housing") / "houses")


@pytest.fixture(scope="module")
def client(project: Path) -> Iterator[httpx2.Client]:
    with served(project) as client:
        yield client


@pytest.fixture(scope="module")
def names(project: Path) -> list[str]:
    """Every IRI of the data below the base or the namespace, wherever it stands in a statement."""
    quads = list(ox.parse(command("export", "-f", "nquads", project=project).stdout, format=ox.RdfFormat.N_QUADS))
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)}
    found = sorted(term.value for term in terms if isinstance(term, ox.NamedNode))
    return [name for name in found if name.startswith((BASE, OLD))]


@pytest.fixture(scope="module")
def pages(client: httpx2.Client) -> Mapping[str, str]:
    """All pages that a reader comes to from the start page and from a search, by address."""
    waiting = ["/?lang=en", "/?lang=de", "/search?q=house&lang=en"]
    pages: dict[str, str] = {}
    linked: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        answer = client.get(address, headers=HTML)
        if answer.status_code in (301, 303):
            pages[address] = ""
            waiting.append(answer.headers["location"])
            continue
        assert answer.status_code == 200, (address, linked.get(address))
        pages[address] = answer.text
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', answer.text):
            target = urldefrag(urljoin(address, unescape(link)))[0]
            # What programs read is asked for by its own media type, in the tests below.
            if not urlsplit(target).scheme and not target.startswith(PROGRAMS):
                linked.setdefault(target, address)
                waiting.append(target)
    return {address: text for address, text in pages.items() if text}


PROGRAMS = ("/api/", "/data", "/dump/", "/edition/", "/graph", "/ontology.", "/.well-known/void", "/catalogue",
            "/changes.atom", "/openapi.json", "/sparql?format", "/corrections?", "/explain?")  # fmt: skip


def path_of(name: str) -> str:
    """What a client sends for a name, without the fragment, which it keeps to itself."""
    iri = urldefrag(name)[0]
    path = iri.removeprefix(BASE) if iri.startswith(BASE) else f"ns/{iri.partition('://')[2]}"
    return "/" + quote(path, safe="/:@!$&'()*+,;=~%?")


def test_every_name_answers(client: httpx2.Client, names: list[str]) -> None:
    assert len(names) > 40
    for name in names:
        for accept in ("text/html", "text/turtle"):
            answer = client.get(path_of(name), headers={"accept": accept})
            assert answer.status_code == 303, (name, accept)
            document = client.get(answer.headers["location"], headers={"accept": accept})
            assert document.status_code == (
                406 if "/graphs" in answer.headers["location"] and "html" in accept else 200
            ), name
            if accept == "text/html" and document.status_code == 200 and "#" in name:
                assert f'id="{name.partition("#")[2]}"' in document.text, name


def test_no_link_of_data_is_dead(client: httpx2.Client, pages: Mapping[str, str]) -> None:
    links = {unescape(link) for text in pages.values() for link in re.findall(r'href="(/[^"]*)"', text)}
    data = [urldefrag(link)[0] for link in links if link.startswith(PROGRAMS) and not link.startswith("/api/")]
    assert len(data) > 100
    for link in sorted(set(data)):
        answer = client.get(link, follow_redirects=True)
        # A property whose name ends in no name of XML has no RDF/XML, as documented.
        assert answer.status_code == 200 or (answer.status_code == 406 and ".rdf" in link), link


def test_the_examples_of_the_api_work(client: httpx2.Client) -> None:
    page = client.get("/docs?lang=en", headers=HTML).text
    links = {unescape(link) for link in re.findall(r'href="(/api/[^"]*)"', page)}
    assert any("format=csv" in link for link in links)
    for link in links:
        assert client.get(link).status_code == 200, link
    assert client.get("/brief", headers=HTML).status_code == 404
    assert client.get("/actors", headers=HTML).status_code == client.get("/api/actors").status_code == 404


def test_no_word_is_ours(client: httpx2.Client, pages: Mapping[str, str]) -> None:
    proofs = [unescape(link) for text in pages.values() for link in re.findall(r'href="(/explain\?[^"]*)"', text)]
    further = {
        link: client.get(link, headers=HTML).text for link in ("/llms.txt", "/robots.txt", *sorted(proofs)[::40])
    }
    found = {
        (match[0], address) for address, text in {**pages, **further}.items() for match in OURS.finditer(_read(text))
    }
    assert not found


def _read(page: str) -> str:
    """A page without what scripts are told."""
    return re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("address", ["/.well-known/void", "/catalogue"])
def test_descriptions_are_of_these_data(client: httpx2.Client, address: str) -> None:
    answer = client.get(address, headers={"accept": "application/n-triples"})
    quads = list(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES))
    said: dict[str, set[str]] = {}
    for quad in quads:
        said.setdefault(re.split("[/#]", quad.predicate.value)[-1], set()).add(quad.object.value)
    assert TITLE in said["title"]
    assert (len(said["publisher"]), said["name"]) == (1, {PUBLISHER})
    named = {term.value for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    assert not {text for text in named if OURS.search(text)}
    if address == "/.well-known/void":
        own = {name for name in said["vocabulary"] if name.startswith(BASE)}
        # The last has the property that no ontology declares.
        assert own == {f"{BASE}def", f"{BASE}terms/", BASE}


def test_what_programs_read_names_nothing_of_ours(client: httpx2.Client) -> None:
    digest = client.get("/health").json()["digest"]
    described = client.get("/openapi.json").json()
    assert client.get(f"/edition/{digest}/openapi.json").json()["paths"].keys() == described["paths"].keys()
    # The kinds of problems are those of the software.
    described["components"]["schemas"].pop("Problem")
    texts = [json.dumps(described, ensure_ascii=False), client.get("/changes.atom").text]
    texts += [client.get(address).text for address in ("/catalog.json", "/dump", "/sparql", "/api/queries")]
    texts += [client.get(f"/api/{wrong}").json()["detail"] for wrong in ("search", "explain", "search?q=a&limit=x")]
    assert not [text[max(0, at.start() - 60) : at.end() + 30] for text in texts for at in OURS.finditer(text)]
    assert "/api/explain" in described["paths"]


def test_no_name_is_bare_where_there_is_a_label(pages: Mapping[str, str]) -> None:
    shown = {
        " ".join(unescape(re.sub(r"<[^>]*>", "", text)).split())
        for page in pages.values()
        for text in re.findall(r"<a\b[^>]*>(.*?)</a>", page, flags=re.DOTALL)
    }
    assert {text for text in shown if BARE.fullmatch(text)} <= NAMELESS


def test_what_all_data_use_has_words(client: httpx2.Client) -> None:
    for language, words in (
        ("en", ("type", "latitude", "concept")),
        ("de", ("Typ", "geographische Breite", "Begriff")),
    ):
        page = client.get(f"/page/house/karl-marx-hof?view=statements&lang={language}", headers=HTML).text
        things = client.get(f"/things?lang={language}", headers=HTML).text
        assert [f">{word}</a>" in text for word, text in zip(words, (page, page, things), strict=True)] == [True] * 3
    assert "GraphML" not in client.get("/?lang=en", headers=HTML).text
    assert "<summary>Queries (1)</summary>" in client.get("/sparql?lang=en", headers=HTML).text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("court", ["Karl Marx Court"]),
        ("Wohnungsgenossenschaft", ["housing co-operative"]),
        ("كارل", ["Karl Marx Court"]),
        ("Anna", ["Anna"]),
        ("social", ["council housing"]),
        ("Migration", []),
    ],
)
def test_a_search_finds_by_label(client: httpx2.Client, words: str, found: list[str]) -> None:
    page = client.get("/search", params={"q": words, "lang": "en"}, headers=HTML).text
    assert re.findall(r'<p class="said"><strong><a[^>]*>([^<]*)</a>', page) == found
    hits = client.get("/api/search", params={"q": words, "lang": "en"}).json()["hits"]
    assert [hit["label"] for hit in hits] == found
    assert all(client.get(hit["href"], headers=HTML).status_code == 200 for hit in hits)


def test_a_search_groups_by_the_narrowest_class(client: httpx2.Client) -> None:
    page = client.get("/search", params={"q": "houses", "lang": "en"}, headers=HTML).text
    assert re.search(r'<h2><a href="[^"]*" lang="en-GB">house</a></h2>\s*<ul class="hits">\s*<li>.*Old houses', page)


def test_changes_of_data_without_days_open_on_editions(client: httpx2.Client) -> None:
    def current(address: str) -> list[str]:
        page = client.get(address, headers=HTML).text.partition("<main")[2]
        return re.findall(r'by=(\w+)[^"]*" aria-current="true"', page)

    assert (current("/changes?lang=en"), current("/changes?lang=en&by=day")) == (["edition"], ["day"])


def test_a_scheme_of_hash_names_lists_each_concept_once(client: httpx2.Client) -> None:
    content = client.get("/page/kind?lang=en", headers=HTML).text.partition("<main")[2].partition("</main>")[0]
    for name, label in (("rented", "rented housing"), ("council-housing", "council housing")):
        assert (content.count(f'id="{name}"'), content.count(f">{label}</a>")) == (1, 1)


def test_each_ontology_has_a_page_at_its_own_name(client: httpx2.Client) -> None:
    def page(path: str) -> str:
        return client.get(path, headers=HTML | {"accept-language": "en"}, follow_redirects=True).text

    housing, renting = page("/def"), page("/terms/")
    assert '<h1 lang="en-GB">Terms of housing</h1>' in housing
    assert "<h1>Terms of renting</h1>" in renting
    assert ("version 1.4" in housing, "version 2025-03" in renting) == (True, True)
    assert page("/def/1.4") == housing
    assert re.findall(r'<section id="([^"]*)"', housing) == ["Building", "Cooperative", "House", "ownedBy", "owns"]
    assert re.findall(r'<section id="([^"]*)"', renting) == ["Flat", "Landlord", "rent"]
    # What is only used has a place, too.
    assert '<li id="builtIn">' in housing
    co_operative = re.sub(r"<[^>]*>", "", housing.partition('id="Cooperative"')[2].partition("</section>")[0])
    assert re.search(r"Broader: landlord\s", co_operative), "a class of another ontology of the publisher"
    assert "In other vocabularies: narrower than org:FormalOrganization\n" in co_operative
    listed = page("/ontology.html")
    assert ("Terms of housing" in listed, "Terms of renting" in listed) == (True, True)


def test_texts_say_their_language_and_direction(client: httpx2.Client) -> None:
    german, english = (client.get(f"/page/house/karl-marx-hof?lang={one}").text for one in ("de", "en"))
    assert '<h1 lang="de-AT">Karl-Marx-Hof</h1>' in german
    assert '<h1 lang="en-GB">Karl Marx Court</h1>' in english
    statements = client.get("/page/house/karl-marx-hof?lang=de&view=statements").text
    assert '<span lang="ar" dir="rtl">ساحة كارل ماركس</span>' in statements
    assert '<h1 lang="ar" dir="rtl">شقة</h1>' in client.get("/page/flat/2?lang=en").text


def test_colours_and_logo_are_the_publishers(client: httpx2.Client, site: Path) -> None:
    page = client.get("/?lang=en").text
    logo, sheet = (client.get(address) for address in ("/static/publisher-logo.svg", "/static/publisher.css"))
    assert (f'src="{logo.url.path}"' in page, f'href="{sheet.url.path}"' in page) == (True, True)
    assert (logo.headers["content-type"], logo.text) == ("image/svg+xml", LOGO)
    assert "sandbox" in logo.headers["content-security-policy"]
    assert "--link: light-dark(#7a1f4b, #" in sheet.text
    tag = {"if-none-match": logo.headers["etag"]}
    assert client.get("/static/publisher-logo.svg", headers=tag).status_code == 304
    assert (site / "static" / "publisher-logo.svg").read_text() == LOGO
    assert 'src="static/publisher-logo.svg"' in (site / "index.en.html").read_text()
    assert all(
        f'"/static/{name}"' in (site / "404.html").read_text() for name in ("publisher.css", "publisher-logo.svg")
    )


def test_a_class_has_a_page_of_its_own(client: httpx2.Client, site: Path) -> None:
    page = client.get("/page/house/karl-marx-hof?lang=en", headers=HTML).text
    assert re.search(r'<p class="owner"><a href="/city/wien[^"]*"[^>]*>[^<:/]+</a></p>', page)
    assert '<p class="owner">' not in client.get("/page/flat/2?lang=en", headers=HTML).text
    # All statements are there as well.
    assert ">1930<" in client.get("/page/house/karl-marx-hof?view=statements&lang=en", headers=HTML).text
    assert '<p class="owner">' in (site / "page/house/karl-marx-hof.en.html").read_text()


def test_a_thing_has_a_map_of_what_it_is_linked_with(client: httpx2.Client, site: Path) -> None:
    def drawn(page: str) -> list[tuple[str, ...]]:
        links = re.findall(r'<a href="([^"]*)" tabindex="-1"><text[^>]*>([^<]*)</text>', page)
        return [tuple(map(unescape, one)) for one in links]

    page = client.get("/page/people?lang=en", headers=HTML).text
    assert (f"/page?iri={BASE}people%23bert&lang=en", "Bert") in drawn(page)
    assert 'aria-label="Map of the neighbourhood of “Anna”"' in page
    # One neighbour is no map.
    assert '<figure class="map">' not in client.get("/page/flat/2?lang=en", headers=HTML).text
    concept = client.get("/page/kind?view=statements&lang=en", headers=HTML).text
    assert "council housing" in {name for _, name in drawn(concept)}
    assert '<figure class="map">' in (site / "page/people.en.html").read_text(encoding="utf-8")


def test_tools_of_assistants_are_those_that_these_data_can_answer(client: httpx2.Client) -> None:
    def ask(method: str, **params: object) -> dict[str, Any]:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        fields = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
        answer = client.post("/mcp", json=message, headers=fields)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["result"]
        return found

    tools = ask("tools/list")["tools"]
    names = ["search", "describe", "run_query", "sparql", "explain", "model"]
    assert [tool["name"] for tool in tools] == names
    told = [json.dumps(tools)]
    for name, arguments in (
        ("search", {"q": "court"}),
        ("describe", {"id": "id/house/karl-marx-hof"}),
        ("run_query", {"name": "who-owns-what"}),
        ("explain", {"s": "city/wien", "p": "def#owns", "o": "id/house/karl-marx-hof"}),
        ("model", {}),
    ):
        answer = ask("tools/call", name=name, arguments=arguments)
        assert not answer.get("isError"), answer
        told.append(answer["content"][0]["text"])
        assert "karl-marx-hof" in told[-1] or name == "model"
    assert "def#House" in told[-1]
    # A field of answers in any model.
    plain = [text.replace('"passages":[]', "") for text in told]
    assert not [text[max(0, at.start() - 40) : at.end() + 30] for text in plain for at in OURS.finditer(text)]


def test_all_commands_work(project: Path, tmp_path: Path) -> None:
    assert command("check", project=project).stdout.startswith("valid")
    assert "city/wien" in command("query", "who-owns-what", project=project).stdout
    assert (
        "data/houses.ttl"
        in command(
            "explain", f"{BASE}city/wien", f"{BASE}def#owns", f"{BASE}id/house/karl-marx-hof", project=project
        ).stdout
    )
    old = command("build", project=project).stdout.strip()
    changed = make(tmp_path / "changed")
    file = changed / "data" / "houses.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("420.50", "430"), encoding="utf-8")
    new = command("build", project=changed).stdout.strip()
    told = command("diff", str(project / old), str(changed / new), project=changed).stdout
    assert "1 statement came, 1 went" in told
    assert not OURS.search(told)
    assert command("publish", project=changed).stdout.strip()


def test_a_store_of_others_answers_for_the_project(project: Path, tmp_path: Path) -> None:
    with engines.started("oxigraph", tmp_path) as engine:
        command("publish", "--to", engine.query, "--graphs", engine.graphs, project=project)
        with served(project, "--endpoint", engine.query) as client:
            page = client.get("/id/house/karl-marx-hof", headers=HTML, follow_redirects=True)
            assert (page.status_code, "Karl" in page.text, OURS.search(_read(page.text))) == (200, True, None)
            # Two spellings of one number are one triple there; a proof finds the one that the data have.
            for number in ("420.50", "420.5"):
                value = f'"{number}"^^<http://www.w3.org/2001/XMLSchema#decimal>'
                proof = client.get("/api/explain", params={"s": "id/flat/1.ttl", "p": "terms/rent", "o": value})
                assert (proof.status_code, "data/houses.ttl" in proof.text) == (200, True), proof.text
            assert client.get("/sparql", params={"query": "ASK { ?s ?p 420.5 }"}).json()["boolean"] is True


@pytest.fixture(scope="module")
def site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site") / "site"
    command("export", "--site", str(directory), "--address", BASE, project=project)
    return directory


def test_the_site_of_files_is_whole(site: Path) -> None:
    pages = {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert len(pages) > 60
    for name, page in pages.items():
        assert not OURS.search(_read(page)), name
        for link in re.findall(r'<a\b[^>]* href="([^"]+)"', page):
            target = urlsplit(unescape(link))
            if not target.scheme and target.path:
                # Only the page that a host shows anywhere has absolute links.
                here = site if name == "404.html" else (site / name).parent
                assert here.joinpath(unquote(target.path).lstrip("/")).resolve().exists(), (name, link)
    assert not OURS.search((site / "llms.txt").read_text() + (site / "README.txt").read_text())
    assert json.loads((site / "dump/index.json").read_text())["dumps"]


def _walk(client: httpx2.Client, names: list[str]) -> None:
    """See that a host of files leads every name to its page and its data."""
    assert "Houses" in client.get("/").text
    for name in (*names, f"{BASE}def/1.4"):
        if name.startswith((OLD, f"{BASE}graph/", f"{BASE}.well-known/")):
            continue
        for accept, type_ in (("text/html", "text/html"), ("text/turtle", "text/turtle")):
            answer = client.get(path_of(name), headers={"accept": accept})
            assert answer.status_code == 200, (name, accept, answer.url)
            assert answer.headers["content-type"].startswith(type_), name
    assert client.get("/id/nothing", headers=HTML).status_code == 404
    assert client.get("/static/publisher-logo.svg").headers["content-type"].startswith("image/svg+xml")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _walk_behind(line: list[str], port: int, log: Path, names: list[str]) -> None:
    """Start a host of files, see that it leads every name on, and end it; it writes its errors to `log`."""
    homes = {name: str(log.parent) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    with log.open("w") as errors, subprocess.Popen(line, env=os.environ | homes, stderr=errors) as process:
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as client:
                wait(client, process, log)
                _walk(client, names)
        finally:
            process.terminate()


class _PlainHost(SimpleHTTPRequestHandler):
    """GitHub Pages: `/x` is `x.html` or `x/index.html`; whatever has no file is `404.html`, with status 404."""

    def guess_type(self, path: Any) -> str:
        return "text/turtle" if str(path).endswith(".ttl") else super().guess_type(path)

    def send_head(self) -> Any:
        path = urlsplit(self.path).path
        for place in (path, f"{path}.html", f"{path.rstrip('/')}/index.html"):
            if Path(self.translate_path(place)).is_file() and not place.endswith("/"):
                self.path = place
                return super().send_head()
        page = Path(self.directory, "404.html").read_bytes()
        self.send_response(404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        return io.BytesIO(page)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent")
def test_every_name_leads_to_a_file_where_a_host_has_no_rules(site: Path, names: list[str]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_PlainHost, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            _visit(f"http://127.0.0.1:{server.server_port}", names)
        finally:
            server.shutdown()


def _visit(root: str, names: list[str]) -> None:
    with chromium() as browser, browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        for name in (*names, f"{BASE}def/1.4"):
            if name.startswith((OLD, f"{BASE}.well-known/")):
                continue
            page.goto(f"{root}{path_of(name)}", wait_until="commit")
            place = r"/graph/.+\.ttl" if name.startswith(f"{BASE}graph/") else r"/(page/.+|ontology)\.en\.html(#.*)?"
            page.wait_for_url(re.compile(f"{re.escape(root)}{place}$"), wait_until="commit")
        # A name that is not there stays where it is, and its page leads on.
        answer = page.goto(f"{root}/id/nothing", wait_until="networkidle")
        assert answer is not None
        assert (answer.status, page.url) == (404, f"{root}/id/nothing")
        page.click('text="Start page"')
        assert "Houses" in page.title()


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
def test_every_name_leads_to_a_file_behind_caddy(site: Path, names: list[str], tmp_path: Path) -> None:
    port = _free_port()
    server = (site / "Caddyfile").read_text(encoding="utf-8")
    server = server.replace(":8080 {", f"http://127.0.0.1:{port} {{").replace("/srv/site", str(site))
    (tmp_path / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{server}")
    line = ["caddy", "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    _walk_behind(line, port, tmp_path / "log", names)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_every_name_leads_to_a_file_behind_nginx(site: Path, names: list[str], tmp_path: Path) -> None:
    port = _free_port()
    server = (site / "nginx.conf").read_text(encoding="utf-8")
    server = server.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/srv/site", str(site))
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {tmp_path}/body; proxy_temp_path {tmp_path}/proxy;"
        f" fastcgi_temp_path {tmp_path}/f; uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s;\n{server}}}\n"
    )
    for directory in (tmp_path, *tmp_path.parents[:3]):
        directory.chmod(0o755)
    line = ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-g", "user root;"]
    _walk_behind(line, port, tmp_path / "error", names)


def test_hosts_are_told_of_names_whose_files_lie_elsewhere(site: Path) -> None:
    apache, netlify = ((site / name).read_text(encoding="utf-8") for name in (".htaccess", "_redirects"))
    pages = re.findall(r"^/id/x y=1  /(page/about/\w+\.de\.html)  303$", netlify, flags=re.MULTILINE)
    assert len(pages) == 1
    assert "A house with a query" in (site / pages[0]).read_text(encoding="utf-8")
    rule = f'RewriteCond %{{QUERY_STRING}} ^y=1$\nRewriteRule "^id/x$" "{pages[0]}" [R=303,L,QSD]\n'
    assert rule in apache
    assert '"^def/1\\.4$" "page/def.de.html"' in apache
    assert apache.index(rule) < apache.index("^id/(.+)$"), "before the rule for all others"


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent")
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is absent: make setup-dev fetches it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_what_is_missing_is_accessible(site: Path, scheme: Literal["light", "dark"], width: int) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_PlainHost, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever).start()
        root = f"http://127.0.0.1:{server.server_port}"
        try:
            with chromium() as browser:
                page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
                visitor = Visitor(page, root)
                visitor.visit("/there-is/nothing-here", 404)
                page.get_by_role("heading", level=1).wait_for()
                assert page.url == f"{root}/there-is/nothing-here"
                assert not visitor.axe(AXE.read_text(encoding="utf-8"))
                assert not visitor.width_beyond(), visitor.too_wide()
        finally:
            server.shutdown()
