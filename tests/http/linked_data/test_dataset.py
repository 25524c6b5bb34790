"""The data set as a whole: figures, dumps that give back the digest, sitemap."""

from __future__ import annotations

import asyncio
import gc
import gzip
import hashlib
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx2
import pyoxigraph as ox
import pytest
import zstandard

from graph_service.errors import SnapshotError
from graph_service.http.linked_data import crawlers
from graph_service.rdf.formats import GRAPHS
from graph_service.rdf.namespaces import Names
from graph_service.snapshots import figures, publication
from graph_service.snapshots.figures import counted
from graph_service.snapshots.publication import Publication, read_figures
from graph_service.snapshots.snapshot import Snapshot, name_of
from tests.http.processes import people, served, wait_until, write_snapshot

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"


def _store(answer: httpx2.Response) -> ox.Store:
    store = ox.Store()
    store.extend(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(answer.headers["content-type"])))
    return store


def _plain(name: str, content: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.decompress(content)
    return zstandard.ZstdDecompressor().stream_reader(content).read() if name.endswith(".zst") else content


@pytest.mark.parametrize("whose", ["client", "own"])
def test_dumps_give_back_the_digest(whose: str, request: pytest.FixtureRequest) -> None:
    client: httpx2.Client = request.getfixturevalue(whose)
    listed = client.get("/dump").json()
    assert {dump["name"] for dump in listed["dumps"]} == {
        "graph.nq",
        *(f"graph.{name}.{packed}" for name in ("nq", "trig", "jsonld") for packed in ("gz", "zst")),
    }
    for dump in listed["dumps"]:
        answer = client.get(f"/dump/{dump['name']}")
        assert hashlib.sha256(answer.content).hexdigest() == dump["sha256"]
        assert len(answer.content) == dump["bytes"] == int(answer.headers["content-length"])
        # Of another publisher's data no licence is known.
        assert ('rel="license"' in answer.headers.get("link", "")) == (whose == "client")
        content = _plain(dump["name"], answer.content)
        if ".nq" not in dump["name"]:
            quads = ox.parse(content, format=ox.RdfFormat.from_media_type(dump["media_type"]))
            content = "".join(sorted(f"{quad} .\n" for quad in quads)).encode()
        assert hashlib.sha256(content).hexdigest() == listed["dataset"], dump["name"]


def test_literals_stay_as_they_are(own: httpx2.Client) -> None:
    assert b'"007"^^' in own.get("/dump/graph.nq").content
    assert b'"007"^^' in gzip.decompress(own.get("/dump/graph.trig.gz").content)
    assert b'"@value": "007"' in gzip.decompress(own.get("/dump/graph.jsonld.gz").content)


def test_dumps_as_http_has_them(client: httpx2.Client) -> None:
    full, head = client.get("/dump/graph.nq.gz"), client.head("/dump/graph.nq.gz")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(full.content)))
    assert "content-encoding" not in full.headers
    assert full.headers["repr-digest"].startswith("sha-256=:")
    again = client.get("/dump/graph.nq.gz", headers={"if-none-match": full.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post("/dump/graph.nq.gz").status_code == 405
    for name in ("nothing", "figures.json", "../manifest.json", "..%2Fmanifest.json", ""):
        assert client.get(f"/dump/{name}").status_code == 404, name


def test_a_dump_that_nobody_reads_to_its_end_is_closed(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    path = shipped_snapshot.path / "quads.nq"
    gc.disable()  # The collector would close it, some time.
    try:
        client.head("/dump/graph.nq")
        with client.stream("GET", "/dump/graph.nq") as answer:
            next(answer.iter_bytes(1))
        assert wait_until(lambda: not is_open(path))
    finally:
        gc.enable()


def is_open(path: Path) -> bool:
    """Whether this process, in which the server of the tests runs, has the file open."""
    links = Path("/proc/self/fd")
    if not links.is_dir():
        pytest.skip("open files are listed by Linux only")
    return path.resolve() in {link.resolve() for link in links.iterdir()}


def test_figures(shipped_snapshot: Snapshot, client: httpx2.Client) -> None:
    client.get("/dump")
    told = read_figures(shipped_snapshot.path / "dumps")
    merged = {quad.triple for quad in shipped_snapshot.quads()}
    assert told.triples == len(merged) == shipped_snapshot.manifest.triples
    assert told.subjects == len({triple.subject for triple in merged})
    assert told.objects == len({triple.object for triple in merged})
    properties = Counter(triple.predicate[1:-1] for triple in merged)
    holders = Counter(predicate[1:-1] for _, predicate in {(triple.subject, triple.predicate) for triple in merged})
    assert told.properties == {name: (count, holders[name]) for name, count in properties.items()}
    types = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert told.classes == Counter(triple.object[1:-1] for triple in merged if triple.predicate == types)


def test_objects_are_counted_piece_by_piece(shipped_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_HASHES", 1000)
    assert counted(shipped_snapshot, ()).objects == len({quad.object for quad in shipped_snapshot.quads()})


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda offer: offer.name)
def test_void(client: httpx2.Client, shipped_snapshot: Snapshot, offer: object) -> None:
    answer = client.get("/.well-known/void", params={"format": getattr(offer, "name", "")})
    store = _store(answer)
    dataset = ox.NamedNode(f"{shipped_snapshot.manifest.base}.well-known/void#dataset")

    def values(name: str) -> list[str]:
        return [
            getattr(quad.object, "value", "")
            for quad in store.quads_for_pattern(dataset, ox.NamedNode(VOID + name), None)
        ]

    assert values("triples") == [str(shipped_snapshot.manifest.triples)]
    assert len(values("classPartition")) == int(values("classes")[0])
    assert len(values("propertyPartition")) == int(values("properties")[0])
    assert values("uriSpace") == [shipped_snapshot.manifest.base]
    examples = values("exampleResource")
    assert {example.split("/")[-2] for example in examples} >= {"actor", "document", "position"}
    for example in examples:
        assert client.get(f"/{example.removeprefix(shipped_snapshot.manifest.base)}").status_code == 303
    for dump in values("dataDump"):
        assert client.head(dump).status_code == 200
    assert client.get(values("sparqlEndpoint")[0], params={"query": "ASK {}"}).status_code == 200
    tag = answer.headers["etag"]
    params = {"format": getattr(offer, "name", "")}
    assert client.get("/.well-known/void", params=params, headers={"if-none-match": tag}).status_code == 304


def test_catalogue(client: httpx2.Client) -> None:
    store = _store(client.get("/catalogue"))
    distributions = list(store.quads_for_pattern(None, ox.NamedNode(f"{DCAT}distribution"), None))
    assert len(distributions) == 7
    sums = {dump["sha256"] for dump in client.get("/dump").json()["dumps"]}
    found = store.quads_for_pattern(None, ox.NamedNode(f"{SPDX}checksumValue"), None)
    assert {getattr(quad.object, "value", "") for quad in found} == sums
    for term in ("title", "description", "license"):
        predicate = ox.NamedNode(f"http://purl.org/dc/terms/{term}")
        assert list(store.quads_for_pattern(None, predicate, None)), term


def test_editions_of_one_snapshot_are_that_one_with_the_dumps_that_dcat_lists(
    client: httpx2.Client, shipped_snapshot: Snapshot
) -> None:
    answer = client.get("/catalog.json")
    assert answer.headers["content-type"] == "application/json"
    assert client.get("/catalog.json", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert client.post("/catalog.json").status_code == 405
    (listed,) = answer.json()["editions"]
    manifest = shipped_snapshot.manifest
    assert listed["dumps"] == client.get("/dump").json()["dumps"]
    catalogue = client.get("/catalogue").text
    assert all(dump["sha256"] in catalogue for dump in listed["dumps"])
    assert (listed["digest"], listed["name"]) == (manifest.digest, name_of(manifest.digest))
    assert (listed["state"], listed["first"], listed["until"]) == ("in use", None, None), "there is no register"
    counts = (manifest.triples, manifest.stated, manifest.inferred)
    assert (listed["triples"], listed["stated"], listed["inferred"]) == counts
    assert listed["software"] == manifest.software
    assert answer.json()["delta"] is None, "no other edition is there"


def test_sitemap(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    listed = places(answer.content)
    base = shipped_snapshot.manifest.base
    subjects = {quad.subject[1:-1] for quad in shipped_snapshot.quads()}
    assert len(listed) >= sum(1 for subject in subjects if subject.startswith(f"{base}id/"))
    for place in listed[::100]:
        assert client.get(place).status_code == 200, place
    assert f"Sitemap: {client.base_url}" in client.get("/robots.txt").text.replace("/sitemap.xml", "")


def places(sitemap: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(sitemap).iter() if element.tag.endswith("}loc")]


def test_a_long_sitemap_has_parts() -> None:
    names, origin = Names("https://data.example/"), "https://host.example"
    iris = [f"{names.base}id/thing/{number}" for number in range(2 * crawlers.MOST_ADDRESSES + 1)]
    parts = [urlsplit(place) for place in places(crawlers.listed(iris, names, origin, ""))]
    assert [(part.path, part.query) for part in parts] == [("/sitemap.xml", f"part={number}") for number in (1, 2, 3)]
    maps = [places(crawlers.listed(iris, names, origin, part.query.removeprefix("part="))) for part in parts]
    assert max(map(len, maps)) == crawlers.MOST_ADDRESSES
    assert [place for one in maps for place in one] == [f"{origin}/page/thing/{number}" for number in range(len(iris))]


@pytest.mark.parametrize("part", ["0", "2", "99999", "-1", "one"])
def test_a_part_that_the_sitemap_does_not_have(client: httpx2.Client, part: str) -> None:
    assert client.get("/sitemap.xml", params={"part": part}).status_code == 404


def test_publishing_twice_gives_the_same_bytes(
    own_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one, two = (tmp_path_factory.mktemp("dumps") / "dumps" for _ in range(2))
    publication.publish(own_snapshot, one)
    publication.publish(own_snapshot, two)
    publication.publish(own_snapshot, two)
    assert [path.name for path in two.parent.iterdir()] == ["dumps"]
    for path in one.iterdir():
        assert path.read_bytes() == (two / path.name).read_bytes(), path.name
    assert json.loads((one / "figures.json").read_text())["layout"] == publication.LAYOUT


def test_a_snapshot_that_cannot_be_written_to(
    own_snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = replace(own_snapshot, path=tmp_path / "copy")
    shutil.copytree(own_snapshot.path, copy.path, ignore=shutil.ignore_patterns("dumps"))
    monkeypatch.setattr("graph_service.snapshots.publication.os.access", lambda *_: False)

    async def publish() -> Path:
        publication = Publication(copy)
        directory = await publication.directory()
        assert (await publication.figures()).dumps
        await publication.close()
        return directory

    directory = asyncio.run(publish())
    assert not directory.exists()
    assert not (copy.path / "dumps").exists()


def test_a_broken_snapshot_has_no_dumps(own_snapshot: Snapshot, tmp_path: Path) -> None:
    copy = replace(own_snapshot, path=tmp_path / "copy")
    shutil.copytree(own_snapshot.path, copy.path, ignore=shutil.ignore_patterns("dumps", "quads.nq"))
    with pytest.raises(SnapshotError):
        asyncio.run(Publication(copy).directory())
    assert [path.name for path in copy.path.iterdir() if "dumps" in path.name] == []


def test_paths_are_not_counted_for_themselves(client: httpx2.Client) -> None:
    for path in ("/dump/one-of-many", "/page/one-of-many", "/data/one-of-many.ttl", "/one-of-many", "/id/one-of-many"):
        assert client.get(path).status_code == 404
    assert "one-of-many" not in client.get("/metrics").text


def test_a_statement_of_two_graphs_counts_once(own_snapshot: Snapshot, tmp_path: Path) -> None:
    publication.publish(own_snapshot, tmp_path / "dumps")
    quads = list(own_snapshot.quads())
    merged = {quad.triple for quad in quads}
    assert len(merged) < len(quads)
    assert read_figures(tmp_path / "dumps").triples == len(merged) == own_snapshot.manifest.triples


def test_vocabularies_are_those_whose_terms_are_used(own: httpx2.Client) -> None:
    store = _store(own.get("/.well-known/void", headers={"accept": "text/turtle"}))
    found = {str(quad.object) for quad in store.quads_for_pattern(None, ox.NamedNode(f"{VOID}vocabulary"), None)}
    assert {"<https://data.example/ontology>", "<http://www.w3.org/2000/01/rdf-schema>"} <= found
    assert not any("w3id.org/migration-policy" in one for one in found)


def test_the_publisher_of_the_settings_is_that_of_the_data_set(tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(10))
    with served(directory, publisher='The "houses" of Leipzig') as service, service.client() as client:
        for address in ("/catalogue", "/.well-known/void"):
            store = _store(client.get(address, headers={"accept": "text/turtle"}))
            named = store.query(
                "PREFIX dct: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
                "SELECT DISTINCT ?name WHERE { ?dataset a ?kind ; dct:publisher [ a foaf:Agent ; foaf:name ?name ] }"
            )
            assert [row["name"].value for row in named] == ['The "houses" of Leipzig']  # type: ignore[union-attr]
