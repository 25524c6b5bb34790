"""What pages count over all data is there before workers are forked: a visit asks only for what it alone shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from graph_service.building import pipeline, shipped
from graph_service.http.web.forwarding import encode_request
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import _Routes
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import Query, forked
from graph_service.store.engine import Engine
from graph_service.store.local import LocalStore
from tests.http.processes import people, write_snapshot

QUERIES = Path(__file__).parents[2] / "queries" / "pages"
# Queries over the whole data set that pages of one thing rest on.
WHOLE = ("elections", "stances", "uses")
_TOP = "http://t.example/id/top"
_PREFIX = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
_CONCEPT = '<http://t.example/id/c-{0}> a skos:Concept ; skos:prefLabel "c {0}"@en ; skos:broader <{1}> .'


class RecordingStore(LocalStore):
    """The store of a worker, and what it was asked."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.asked: list[str] = []

    async def query(self, query: Query, **more: Any) -> Any:
        self.asked.append(query.text)
        return await super().query(query, **more)


def test_a_fresh_worker_has_what_pages_count(shipped_snapshot: Snapshot) -> None:
    plain = {"snapshot": str(shipped_snapshot.path), "separate_default_graph": False, "on_disk": False}
    engine = forked.engine({**plain, "stack_bytes": 1 << 26})
    store = RecordingStore(engine, rows=100_000, answer_bytes=1 << 26)
    routes = _Routes(RouteSettings(), shipped_snapshot, store)
    routes.prepare(indexes=True)
    assert routes._framework.openapi_schema
    whole = tuple((QUERIES / f"{name}.rq").read_text(encoding="utf-8").splitlines()[0] for name in WHOLE)
    for path in ("/page/actor/spd", "/page/proposition/avb", "/ontology.html"):
        store.asked.clear()
        assert b'"status": 200' in _visit(routes, path)
        assert not [text for text in store.asked if text.startswith(whole)], path
    for path in ("/matrix", "/positions", "/coverage", "/sparql", "/docs"):
        store.asked.clear()
        answer = _visit(routes, path)
        assert b'"status": 200' in answer, (path, answer[:300])
        # The positions on a page may be asked for; those of the whole data set are not.
        assert not [text for text in store.asked if "?item" not in text or "VALUES ?item" not in text], path
    _end(routes)


def test_over_small_data_a_start_makes_only_what_all_need(tmp_path: Path) -> None:
    """In a process of its own, which has loaded nothing before."""
    program = """
import sys
from graph_service.http.web.routes import PageRoute
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import roles
arguments = {"snapshot": sys.argv[1], "separate_default_graph": False, "on_disk": False, "stack_bytes": 1 << 26}
arguments |= {"rows": 1000, "answer_bytes": 1 << 20, "routes": RouteSettings().encode()}
role = [*roles(arguments)][-1]
loaded = {name for name in ("numpy", "networkx", "scipy", "mcp", "rdflib") if name in sys.modules}
ready = [one.path for one in role.work.__self__._framework.routes if isinstance(one, PageRoute) and "app" in vars(one)]
print(loaded, ready, role.has_loaded())
for name in role.libraries:
    __import__(name)
print(role.has_loaded())
"""
    directory = write_snapshot(tmp_path, people(10))
    done = subprocess.run([sys.executable, "-c", program, str(directory)], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["set() [] False", "True"], done.stderr


def test_lists_of_a_large_thesaurus_are_sorted_before_workers_are_forked(tmp_path: Path) -> None:
    concepts = (f"<{_TOP}> a skos:Concept .", *(_CONCEPT.format(number, _TOP) for number in range(3_400)))
    for folder in ("terms", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "terms" / "top.ttl").write_text(f"<{_TOP}> <http://t.example/is> 1 .")
    (tmp_path / "data" / "concepts.ttl").write_text("\n".join((_PREFIX, *concepts)))
    (tmp_path / "graph-service.toml").write_text('base = "http://t.example/"\nontology = ["terms"]\ndata = ["data"]\n')
    program = [sys.executable, "-m", "graph_service", "--settings", str(tmp_path / "graph-service.toml")]
    subprocess.run([*program, "build", "--snapshots", str(tmp_path / "s")], check=True, capture_output=True)
    snapshot = pipeline.in_use(tmp_path / "s")
    store = RecordingStore(Engine.load(snapshot.path))
    routes = _Routes(RouteSettings(queries=shipped.query_files(model=False)), snapshot, store)
    routes.prepare(indexes=True)
    for path, query in (("/things", b"class=skos:Concept"), ("/page/top", b"")):
        store.asked.clear()
        answer = _visit(routes, path, query)
        assert b'"status": 200' in answer, (path, answer[:300])
        assert answer.count(b'href="/page/c-') >= 100
        # Labels of the hundred that are shown are asked for; nothing that reads the whole list is.
        assert not [text for text in store.asked if "ORDER BY" in text or "?item ?property ?value" in text], path
    _end(routes)


def _visit(routes: _Routes, path: str, query: bytes = b"") -> bytes:
    pieces: list[bytes] = []
    scope = {
        "method": "GET",
        "scheme": "http",
        "path": path,
        "root_path": "",
        "request_id": "",
        "http_version": "1.1",
        "raw_path": path.encode(),
        "query_string": query + b"&lang=de",
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html")],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }
    routes.work(encode_request(scope), lambda piece: pieces.append(bytes(piece)))
    return b"".join(pieces)


def _end(routes: _Routes) -> None:
    """Close the event loop, which a worker leaves to the end of its process."""
    assert routes._runner is not None
    routes._runner.close()
