"""A disk that is full, or a file larger than allowed: a clear error, nothing left behind, and what was there stays."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots import publication, snapshot
from tests.conftest import ROOT
from tests.http.processes import people, served, write_snapshot

TEMPLATE = ROOT / "docs" / "templates" / "coding-sheet.csv"
SIZES = (0, 1000, 20_000)


def limited(size: int) -> Callable[[], None]:
    """What a child does first: its files may have no more bytes than this (setrlimit(2), RLIMIT_FSIZE)."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def run(*command: str | Path, size: int, module: str = "graph_service") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-B", "-m", module, *map(str, command)],
        preexec_fn=limited(size),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The error: one line that says what is too large."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert "File too large" in last or "disk is full" in last, done.stderr
    return last


def content(directory: Path) -> dict[str, bytes | str]:
    """Everything below a directory."""

    def one(path: Path) -> bytes | str:
        if path.is_symlink():
            return str(path.readlink())
        return "directory" if path.is_dir() else path.read_bytes()

    return {str(path.relative_to(directory)): one(path) for path in directory.rglob("*")}


@pytest.fixture
def settings(tmp_path: Path) -> BuildSettings:
    """A small graph whose first snapshot is in use."""
    made = BuildSettings(
        ontology=(tmp_path / "empty.ttl",),
        data=(tmp_path / "data",),
        snapshots=tmp_path / "snapshots",
        reasoner="none",
        validation=False,
    )
    (tmp_path / "empty.ttl").write_text("")
    made.data[0].mkdir()
    (made.data[0] / "data.ttl").write_text("<urn:x> <urn:p> 1 .\n")
    build(find_inputs(made))
    (made.data[0] / "data.ttl").write_text("".join(f"<urn:x{n}> <urn:p> 'second' .\n" for n in range(1000)))
    return made


def options(settings: BuildSettings) -> list[str | Path]:
    return [
        "--ontology", settings.ontology[0], "--data", settings.data[0], "--snapshots", settings.snapshots,
        "--reasoner", "none", "--no-validation",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["build", "publish"])
def test_a_build_that_finds_no_room_leaves_the_snapshot_before(settings: BuildSettings, command: str) -> None:
    before = content(settings.snapshots)
    for size in SIZES:
        assert "ulimit -f" in refused(run(command, *options(settings), size=size))
        assert content(settings.snapshots) == before
    assert run(command, *options(settings), size=1 << 30).returncode == 0
    assert content(settings.snapshots) != before


# In a name space of its own (unshare(1)), since nobody else may see the small disk.
ON_A_SMALL_DISK = """
import json, subprocess, sys
from pathlib import Path
from tests.commands.test_no_room import content, run
place, options = Path(sys.argv[1]), sys.argv[2:]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "small", str(place)], check=True)
data = place.parent / "data" / "data.ttl"
large = data.read_text()
data.write_text("<urn:x> <urn:p> 1 .")
first = run("build", *options, size=1 << 30)
before = content(place)
data.write_text(large)
second = run("build", *options, size=1 << 30)
same = content(place) == before
print(json.dumps([first.returncode, len(before), second.returncode, second.stderr, same]))
"""


def test_a_full_disk_leaves_the_snapshot_before(settings: BuildSettings) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("there are no name spaces here to mount a small disk in")
    shutil.rmtree(settings.snapshots)
    settings.snapshots.mkdir()
    place = str(settings.snapshots)
    command = [unshare, "-rm", sys.executable, "-B", "-c", ON_A_SMALL_DISK, place, *map(str, options(settings))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=120)
    first, files, second, said, same = json.loads(done.stdout)
    assert (first, second) == (0, 1)
    assert files > 4
    assert "No space left on device" in said
    assert "Traceback" not in said
    assert "Make room" in said.splitlines()[-1]
    assert same, "nothing is left behind"


def test_a_snapshot_that_cannot_be_noted_is_not_put_into_use(settings: BuildSettings) -> None:
    first = snapshot.current(settings.snapshots)
    assert first is not None
    build(find_inputs(settings))
    before = content(settings.snapshots)
    noted = (settings.snapshots / "editions.jsonl").stat().st_size
    for size in (noted, noted + 50):
        refused(run("publish", first.digest, *options(settings), size=size))
        assert content(settings.snapshots) == before
    assert run("publish", first.digest, *options(settings), size=1 << 30).returncode == 0
    assert snapshot.current(settings.snapshots) == first


@pytest.mark.parametrize("form", ["nquads", "trig", "jsonld", "ntriples"])
def test_an_export_that_finds_no_room_leaves_the_file_before(settings: BuildSettings, form: str) -> None:
    build(find_inputs(settings))
    target = settings.snapshots.parent / "exports"
    target.mkdir()
    (target / "graph").write_text("before")
    refused(run("export", target / "graph", "-f", form, *options(settings), size=1000))
    assert content(target) == {"graph": b"before"}


@pytest.mark.slow
def test_a_site_that_finds_no_room_leaves_the_site_before(settings: BuildSettings) -> None:
    (settings.data[0] / "data.ttl").write_text("<urn:x> <urn:p> 2 .\n")
    target = settings.snapshots.parent / "sites"
    for size in (0, 30_000):
        refused(run("export", "--site", target / "site", *options(settings), size=size))
        assert content(target) == {}


def test_an_import_that_finds_no_room_leaves_the_data_before(tmp_path: Path) -> None:
    into = tmp_path / "data"
    graph = ("--ontology", ROOT / "ontology", "--data", ROOT / "data")
    into.mkdir()
    (into / "own.ttl").write_text("# by hand\n")
    for size in SIZES[:2]:
        refused(run("import", "coding-sheet", TEMPLATE, "--into", into, "--accept-new", *graph, size=size))
        assert content(into) == {"own.ttl": b"# by hand\n"}


MANY_ROWS = """
import sys
from pathlib import Path
from graph_service.importing.findings import Findings, SheetRow
from graph_service.importing.staging import StagingTable
with StagingTable(Path(sys.argv[1])) as table:
    for number in range(20_000):
        table.add(SheetRow("sheet.csv", "claims", number, {"id": str(number), "quote": 200 * "x"}), Findings())
"""


def test_rows_that_find_no_room_are_an_error_of_the_system(tmp_path: Path) -> None:
    command = [sys.executable, "-B", "-c", MANY_ROWS, str(tmp_path)]
    done = subprocess.run(command, preexec_fn=limited(100_000), capture_output=True, text=True, check=False, timeout=60)
    assert "OSError: [Errno 28] the rows find no room on the disk" in done.stderr.splitlines()[-1]
    assert content(tmp_path) == {}


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return write_snapshot(tmp_path, people(5000))


def test_a_store_on_disk_or_dumps_without_room_leave_nothing(large: Path) -> None:
    before = content(large)
    for size in (0, 1000, 100_000):
        for module, arguments in (
            ("graph_service.store.disk", [large]),
            ("graph_service.snapshots.publication", [large, large / publication.DIRECTORY]),
        ):
            done = run(*arguments, size=size, module=module)
            assert done.returncode == 1
            kind, message, _ = json.loads(done.stderr.splitlines()[-1])
            assert "File too large" in message, (kind, message)
            assert content(large) == before


def test_a_service_whose_dumps_find_no_room_answers_on(large: Path) -> None:
    before = content(large)
    log = large.parent / "service.log"
    with served(large, log=log) as service, service.client() as client:
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        for _ in range(2):
            assert client.get("/dump").status_code == 503
            assert {name: text for name, text in content(large).items() if name != "service.log"} == before
        assert client.get("/sparql?query=ASK%7B%7D").status_code == 200
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert client.get("/dump").status_code == 200
