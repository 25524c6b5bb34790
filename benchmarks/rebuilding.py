"""What an edit costs: a full build, and what the resident builder pays for one document added, changed or removed.

    python benchmarks/rebuilding.py [COPIES …] [--write FILE]

Built is the shipped graph, with its documents copied under other names until so many triples are stated. CPU seconds of
this process, the median of three documents; a full build is `pipeline.build` in a process that has built before. What a
store on disk costs, which larger graphs have, is left out of all.

Validation is measured for graphs of 200,000 statements and more, which several processes share: CPU seconds of this
process, which waits for the others, and of these, and seconds by the clock.

Then `graph-service build` and `build --full` are run, each three times after one document of the shipped graph has been
changed: CPU seconds of the whole process, the median.

Then one document of the shipped graph is changed five times with `serve --live`: seconds by the clock, and CPU seconds
of all processes, until a changed thing comes from `/data`. Medians.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.http.processes import wait_until

from graph_service.building import shares, sources
from graph_service.building.inputs import Inputs, find_inputs
from graph_service.building.pipeline import build
from graph_service.building.resident import ResidentBuilder
from graph_service.building.sorted_quads import SortedQuads
from graph_service.building.sources import Role
from graph_service.building.validation import asked_of, check_queries, check_shapes
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import disk
from graph_service.store.embedded import EmbeddedStore

DATA = Path(__file__).parents[1] / "data"
NAMED = re.compile(r"programme-[a-z]+-\d{4}|coalition-agreement-\d{4}")
# What a document names within itself.
INSIDE = re.compile(r'\b(?:position|coding):[\w-]+|(?<=dcterms:identifier ")[^"]+')
ACTOR = "https://w3id.org/migration-policy/id/actor/spd"
COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
HEAD = "| stated triples | full build | resident: first | document added | changed | removed | changed / full |"


def grow(data: Path, copies: int) -> list[Path]:
    """Copy the programmes until there are so many of each; returns those that are shipped."""
    shipped = [path for path in sorted((data / "documents").glob("*.ttl")) if NAMED.fullmatch(path.stem)]
    for number in range(1, copies):
        for path in sorted((data / "documents").glob("*.ttl")):
            if (match := NAMED.match(path.name)) and not path.stem.endswith("-copy"):
                text = NAMED.sub(rf"\g<0>-x{number}", path.read_text(encoding="utf-8"))
                text = INSIDE.sub(rf"\g<0>-x{number}", text)
                name = path.name.replace(match[0], f"{match[0]}-x{number}")
                path.with_name(name.replace(".ttl", "-copy.ttl")).write_text(text, encoding="utf-8")
    return shipped


def cost(make: Callable[[], Snapshot]) -> tuple[float, Snapshot]:
    """CPU seconds of a build."""
    started = time.process_time()
    made = make()
    return time.process_time() - started, made


def measure(copies: int, root: Path) -> tuple[str, str]:
    """One line of the table; and what validation takes, if several processes share it.

    Raises:
        AssertionError: the resident builder builds another data set than a full build.
    """
    shutil.copytree(DATA, root / "data")
    documents = grow(root / "data", copies)
    settings = BuildSettings(data=(root / "data",), snapshots=root / "snapshots", keep=3)
    build(find_inputs(settings))
    full, whole = cost(lambda: build(find_inputs(settings)))
    builder = ResidentBuilder(settings)
    first, _ = cost(builder.build)
    costs: dict[str, list[float]] = {"added": [], "changed": [], "removed": []}
    for path in [documents[0], *documents[:: max(1, len(documents) // 3)][:3]]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"@en', ' "@en', 1), encoding="utf-8")
        costs["changed"].append(cost(builder.build)[0])
        path.unlink()
        costs["removed"].append(cost(builder.build)[0])
        path.write_text(text, encoding="utf-8")
        seconds, made = cost(builder.build)
        costs["added"].append(seconds)
        assert made.digest == whole.digest, "the resident builder builds another data set"
    added, changed, removed = (statistics.median(costs[name][1:]) for name in ("added", "changed", "removed"))
    cells = (f"{cell:.2f} s" for cell in (full, first, added, changed, removed))
    line = f"| {whole.manifest.stated:,} | {' | '.join(cells)} | {changed / full:.3f} |"
    is_shared = shares.processes_for(whole.manifest.stated) > 1
    return line, validation(find_inputs(settings), made) if is_shared else ""


def validation(inputs: Inputs, snapshot: Snapshot) -> str:
    """A sentence: what validating a built data set takes."""
    files = [file for file in inputs.files if file.role is not Role.SHAPES]
    shapes = [file.document() for file in inputs.files if file.role is Role.SHAPES]
    with SortedQuads(snapshot.path.parent) as stated:
        for file in files:
            stated.add(sources.read(file, inputs.names))
        many, before, clock = shares.processes_for(len(stated)), os.times(), time.perf_counter()
        assert all(finding.severity != "Violation" for finding in check_shapes(stated, shapes, inputs.names))
        queries = tuple(inputs.violation_queries())
        store = EmbeddedStore(asked_of(queries, snapshot.path))
        assert not check_queries(store, queries, inputs.names, many)
        after, seconds = os.times(), time.perf_counter() - clock
    own = after.user + after.system - before.user - before.system
    others = after.children_user + after.children_system - before.children_user - before.children_system
    took = f"{own:.1f} s of CPU in this process and {others:.1f} s in the others, {seconds:.0f} s by the clock"
    return f"Validating {len(stated):,} statements in {many} processes takes {took}, {beside()}."


def beside() -> str:
    """How busy the machine is."""
    return f"at a load average of {os.getloadavg()[0]:.1f}"


def commands(root: Path) -> str:
    """A sentence: what a build costs in a process of its own."""
    shutil.copytree(DATA, root / "data")
    file = root / "data" / "documents" / "programme-spd-2025.ttl"
    command = [sys.executable, "-m", "graph_service", "build"]
    command += ["--data", str(root / "data"), "--snapshots", str(root / "snapshots"), "--keep", "3"]
    costs: dict[str, list[float]] = {"": [], "--full": []}
    subprocess.run(command, check=True, capture_output=True)
    for _ in range(3):
        for way, found in costs.items():
            file.write_text(file.read_text(encoding="utf-8").replace('"@en', ' "@en', 1), encoding="utf-8")
            before = os.times()
            subprocess.run([*command, *way.split()], check=True, capture_output=True)
            after = os.times()
            used = after.children_user + after.children_system - before.children_user - before.children_system
            found.append(used)
    again, full = map(statistics.median, costs.values())
    return (
        f"In a process of its own, `build --full` takes {full:.2f} s, `build` after a changed document {again:.2f} s: "
        f"{again / full:.2f} of that."
    )


def cpu(pid: int) -> float:
    """CPU seconds of a process, its children and what they have waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(cpu(int(child)) for child in children)


def live(root: Path) -> str:
    """A sentence: what an edit costs until it is answered."""
    shutil.copytree(DATA, root / "data")
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "graph_service", "serve", "--live", "--port", url.rpartition(":")[2]]
    command += ["--data", str(root / "data"), "--snapshots", str(root / "snapshots")]
    service = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: _answers(f"{url}/health")), "the service does not start"
        file = root / "data" / "documents" / "programme-spd-2025.ttl"
        text, clock, used = file.read_text(encoding="utf-8"), [], []
        with httpx2.stream("GET", f"{url}/live", timeout=60) as events:
            states = (line for line in events.iter_lines() if line.startswith("data:"))
            next(states)
            for number in range(5):
                time.sleep(1)
                note = f"edit {number}"
                before, started = cpu(service.pid), time.perf_counter()
                file.write_text(f'{text}\n<{ACTOR}> <{COMMENT}> "{note}" .\n', encoding="utf-8")
                for _ in states:
                    if note in httpx2.get(f"{url}/data/actor/spd?format=nt", timeout=60).text:
                        break
                clock.append(time.perf_counter() - started)
                used.append(cpu(service.pid) - before)
    finally:
        service.terminate()
        service.wait(30)
    seconds, busy = statistics.median(clock), statistics.median(used)
    return f"`serve --live` answers an edit after {seconds:.2f} s, {busy:.2f} s of CPU, {beside()}."


def _answers(url: str) -> bool:
    try:
        return bool(httpx2.get(url).status_code)
    except httpx2.HTTPError:
        return False


def main() -> None:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("copies", nargs="*", type=int, default=[1, 4, 38])
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    disk.WORTHWHILE = 1 << 62
    lines, sentences = [HEAD, "|---|---|---|---|---|---|---|"], []
    for copies in arguments.copies:
        with tempfile.TemporaryDirectory() as directory:
            line, sentence = measure(copies, Path(directory))
            lines.append(line)
            sentences += [sentence] if sentence else []
            print(line, sentence, sep="\n", flush=True)
    for measured in (commands, live):
        with tempfile.TemporaryDirectory() as directory:
            sentences.append(measured(Path(directory)))
            print(sentences[-1])
    lines += [part for sentence in sentences for part in ("", sentence)]
    if arguments.write:
        head = "# Building again\n\n`make bench-rebuilding`, CPU seconds; `benchmarks/rebuilding.py` says of what.\n\n"
        arguments.write.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
