"""The exported site: every link leads to a file, dumps give back the digest, and nothing of another export stays."""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import zstandard

from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import SettingsError
from graph_service.rdf.namespaces import Names
from graph_service.serving.static_site.exporting import export_site
from graph_service.serving.static_site.places import SitePlaces
from graph_service.serving.static_site.target import SiteTarget
from graph_service.snapshots.snapshot import Snapshot
from tests.http.linked_data.conftest import OWN_BASE
from tests.snapshot_servers import QUERIES

ADDRESS = "https://host.example/graph/"


def _export(snapshot: Snapshot, directory: Path, **more: str) -> dict[str, bytes]:
    export_site(snapshot, Catalogue(QueryFiles((QUERIES,))), SiteTarget(directory, ADDRESS, **more))
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def files(own_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return _export(own_snapshot, tmp_path_factory.mktemp("export") / "site")


def _pages(files: dict[str, bytes]) -> dict[str, str]:
    # A host shows `404.html` at any address, so that its links are absolute.
    return {
        name: content.decode().replace('="/graph/', '="') if name == "404.html" else content.decode()
        for name, content in files.items()
        if name.endswith(".html") and "static/" not in name
    }


def test_every_link_leads_to_a_file(files: dict[str, bytes]) -> None:
    pages = _pages(files)
    followed = 0
    for name, page in pages.items():
        for link in re.findall(r'<[^>]* (?:href|src)="([^"]*)"', page):
            target = urlsplit(urljoin(f"https://here.example/{name}", unescape(link)))
            if target.netloc != "here.example" or target.scheme != "https":
                assert target.scheme in ("http", "https"), link
                continue
            path = unquote(target.path[1:])
            assert path in files, (name, link)
            assert not target.query, (name, link)
            # Terms that no ontology declares have no place on its page.
            if target.fragment and path == name:
                assert f'id="{unquote(target.fragment)}"' in pages[path], (name, link)
            followed += 1
    assert followed > 100


def test_every_thing_has_its_pages_and_data(files: dict[str, bytes], own_snapshot: Snapshot) -> None:
    for language in ("de", "en"):
        assert f'<html lang="{language}">' in files[f"page/person/a.{language}.html"].decode()
        assert files[f"page/thing/x.{language}.html"]
        assert files[f"ontology.{language}.html"]
    assert files["index.html"] == files["index.de.html"]
    for name in files:
        if name.startswith(("data/", "graph/")) and name.endswith((".ttl", ".nt", ".jsonld")):
            form = ox.RdfFormat.from_extension(name.rpartition(".")[2])
            assert list(ox.parse(files[name], format=form)), name
    assert len([name for name in files if name.startswith("graph/")]) == len(own_snapshot.manifest.graphs)


def test_dumps_give_back_the_digest(files: dict[str, bytes], own_snapshot: Snapshot) -> None:
    assert hashlib.sha256(files["dump/graph.nq"]).hexdigest() == own_snapshot.digest
    plain = zstandard.ZstdDecompressor().stream_reader(files["dump/graph.trig.zst"]).read()
    lines = sorted(f"{quad} .\n" for quad in ox.parse(plain, format=ox.RdfFormat.TRIG))
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == own_snapshot.digest
    for dump in json.loads(files["dump/index.json"])["dumps"]:
        assert hashlib.sha256(files[f"dump/{dump['name']}"]).hexdigest() == dump["sha256"]
        assert dump["url"] == f"{ADDRESS}dump/{dump['name']}"


def test_what_needs_a_server_is_not_promised(files: dict[str, bytes]) -> None:
    for name, page in _pages(files).items():
        assert "<form" not in page, name
        assert "/api/" not in "".join(re.findall(r'href="([^"]*)"', page)), name
    assert b"/sparql" not in files[".well-known/void"] + files["catalogue.ttl"]
    assert f"{ADDRESS}dump/graph.nq".encode() in files[".well-known/void"]


def test_programs_find_their_way(files: dict[str, bytes], own_snapshot: Snapshot) -> None:
    text = files["llms.txt"].decode()
    links = re.findall(r"^- \[[^]]+\]\(([^)]+)\)", text, flags=re.MULTILINE)
    assert {unquote(link.removeprefix(ADDRESS)) for link in links} <= set(files)
    for needed in ("actors.en.html", "dump/index.json", "catalog.json", "catalogue.ttl", "ontology.en.html"):
        assert f"({ADDRESS}{needed})" in text
    assert own_snapshot.digest in text
    sections = re.findall(r"^## .*\n\n(.)", text, flags=re.MULTILINE)
    assert sections
    assert set(sections) == {"-"}, "a heading without a list is left out"
    (listed,) = json.loads(files["catalog.json"])["editions"]
    assert (listed["digest"], listed["state"]) == (own_snapshot.digest, "in use")
    assert listed["url"] == ADDRESS
    assert {dump["url"].removeprefix(ADDRESS) for dump in listed["dumps"]} <= set(files)
    rules = files["robots.txt"].decode()
    assert re.search(r"^Disallow:$", rules, flags=re.MULTILINE), "all of it is finite"
    assert f"Sitemap: {ADDRESS}sitemap.xml" in rules


def test_the_sitemap_names_the_files(files: dict[str, bytes]) -> None:
    places = [e.text or "" for e in ElementTree.fromstring(files["sitemap-1.xml"]).iter() if e.tag.endswith("loc")]
    assert {unquote(place.removeprefix(ADDRESS)) for place in places} == set(_pages(files)) - {"index.html", "404.html"}


@pytest.mark.slow
def test_the_same_snapshot_gives_the_same_bytes(
    files: dict[str, bytes], own_snapshot: Snapshot, tmp_path: Path
) -> None:
    assert _export(own_snapshot, tmp_path / "site") == files
    (tmp_path / "site" / "of-an-earlier-one.html").write_text("old")
    again = _export(own_snapshot, tmp_path / "site", service="https://live.example")
    assert "of-an-earlier-one.html" not in again
    assert b"https://live.example/explain?" in again["page/person/a.en.html"]
    assert b"(https://live.example/openapi.json)" in again["llms.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_other_directories_are_left_alone(own_snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(SettingsError):
        _export(own_snapshot, tmp_path)
    with pytest.raises(SettingsError):
        SiteTarget(tmp_path / "site", "nowhere")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_names_cannot_leave_the_directory() -> None:
    hostile = [f"{OWN_BASE}id/{path}" for path in ("../../etc/x", "%2e%2e/%2e%2e/y", "a//b", ".git/config", "c" * 300)]
    places = SitePlaces(Names(OWN_BASE), hostile, [f"{OWN_BASE}graph/../x"], [])
    for address in places.addresses(("de",)):
        file = places.file(address, "de")
        assert file, address
        assert all(piece not in ("", "..") and len(piece) < 200 for piece in file.split("/")), file
        assert not file.startswith("."), file
