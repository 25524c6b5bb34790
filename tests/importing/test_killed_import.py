"""An import that is killed at any moment publishes all of it or nothing, and the next one tidies up."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service import importing
from graph_service.building import sources
from graph_service.building.locking import ACCEPTED, exclusive
from graph_service.errors import SourceError
from graph_service.importing import ImportOptions, ImportTarget
from graph_service.importing.placing import WORKPLACE
from graph_service.rdf.namespaces import Names
from graph_service.settings import BASE

from ..conftest import ROOT

TEMPLATE = (ROOT / "docs" / "templates" / "coding-sheet.csv").read_text(encoding="utf-8")
GRAPH = ImportTarget([ROOT / "ontology"], [ROOT / "data"])

# Counts what the import does to files below the directory imported into, and kills itself before the given one.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from graph_service import importing
from graph_service.importing import ImportOptions, ImportTarget
sheet, into, root, last = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
count = 0
def hook(event, arguments):
    global count
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "fcntl.flock") and (
        event == "fcntl.flock" or str(arguments[0]).startswith(str(into))
    ):
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
importing.run("coding-sheet", sheet, into, ImportTarget([root / "ontology"], [root / "data"]), ImportOptions(True))
print(count)
"""


def run(sheet: Path, into: Path, last: int) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", PROGRAM, str(sheet), str(into), str(ROOT), str(last)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)


def seen(into: Path) -> dict[str, bytes]:
    """What a build reads."""
    found = sources.discover([], [into], Names(BASE))
    return {source.name: source.content() for source in found}


@pytest.mark.slow
def test_kills_leave_all_or_nothing(tmp_path: Path, kills: int) -> None:
    sheet, into = tmp_path / "sheet.csv", tmp_path / "data"
    first, second = TEMPLATE, TEMPLATE.replace("Musterverein Leipzig", "Verein Leipzig").replace("Shelters", "Houses")
    assert second != first

    def place(text: str) -> dict[str, bytes]:
        sheet.write_text(text, encoding="utf-8")
        importing.run("coding-sheet", sheet, into, GRAPH, ImportOptions(True))
        assert not list(into.glob(f"{WORKPLACE}*")) + list(into.glob(ACCEPTED)), "nothing is left behind"
        return seen(into)

    after = place(second)
    before = place(first)
    sheet.write_text(second, encoding="utf-8")
    whole = run(sheet, into, 0)
    total = int(whole.stdout)
    assert place(first) == before
    halves = 0
    # Half of them anywhere, half of them in the last fifteen operations, where files are put into place.
    anywhere = {1 + number * total // kills for number in range(kills // 2)}
    for last in sorted(anywhere | set(range(total - 14, total + 1, max(1, 30 // kills)))):
        sheet.write_text(second, encoding="utf-8")
        killed = run(sheet, into, last)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert seen(into) in (before, after), f"killed before operation {last} of {total}"
        halves += (into / ACCEPTED).exists()
        assert place(first) == before
    assert halves, "some kills fell between acceptance and the last file"


def test_a_build_waits_for_files_that_are_being_moved(tmp_path: Path) -> None:
    """A process that lists data beside an import gets no listing before the import lets go of the directory."""
    into = tmp_path / "data"
    into.mkdir()
    (into / "a.ttl").write_text("", encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from graph_service.building.locking import listing\n"
        "print('ready', flush=True)\n"
        "with listing(Path(sys.argv[1])) as files: print(len(files))"
    )
    with exclusive(into):
        listing = subprocess.Popen([sys.executable, "-c", program, str(into)], stdout=subprocess.PIPE, text=True)
        assert listing.stdout is not None
        assert listing.stdout.readline() == "ready\n"
        (into / "b.ttl").write_text("", encoding="utf-8")
    assert listing.communicate(timeout=60)[0] == "2\n"


def test_a_build_does_not_mix_files_of_two_imports(tmp_path: Path) -> None:
    sheet, into = tmp_path / "sheet.csv", tmp_path / "data"
    sheet.write_text(TEMPLATE, encoding="utf-8")
    importing.run("coding-sheet", sheet, into, GRAPH, ImportOptions(True))
    found = sources.discover([], [into], Names(BASE))
    sheet.write_text(TEMPLATE.replace("Musterverein Leipzig", "Verein Leipzig"), encoding="utf-8")
    importing.run("coding-sheet", sheet, into, GRAPH, ImportOptions(True))
    with pytest.raises(SourceError, match="replaced since the build began"):
        [source.content() for source in found]


def test_staging_of_a_killed_import_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("", encoding="utf-8")
    left = tmp_path / f"{WORKPLACE}x" / "new" / "documents" / "x.ttl"
    left.parent.mkdir(parents=True)
    left.write_text("<a:> <a:> <a:> .", encoding="utf-8")
    assert list(seen(tmp_path)) == ["a.ttl"]
