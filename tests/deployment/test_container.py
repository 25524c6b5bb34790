"""The container file builds from what is there, by hash alone; what it holds needs no root and little to write to."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import yaml

from graph_service.commands.cli import main
from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT
from tests.deployment.containerfile import Stage, read
from tests.deployment.memory import sum_of_parts, unknown_settings
from tests.http.processes import wait_until

STAGES = read(ROOT / "deploy" / "Containerfile")
FINAL = STAGES[-1]
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))


def _copies(stage: Stage) -> Iterator[tuple[str, list[str]]]:
    """From which stage, if not from the repository, and what."""
    for rest in stage.all("COPY"):
        *sources, _ = rest.split()
        origin = sources.pop(0).partition("=")[2] if sources[0].startswith("--from=") else ""
        yield origin, sources


def test_what_is_copied_is_there() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    files = listed.stdout.splitlines()
    earlier: set[str] = set()
    for stage in STAGES:
        for origin, sources in _copies(stage):
            assert not origin or origin in earlier
            for source in sources if not origin else ():
                assert any(name == source or name.startswith(f"{source}/") for name in files), source
        earlier.add(stage.name)


def test_packages_come_by_hash_and_no_address_is_named() -> None:
    installs = [command for stage in STAGES for command in stage.all("RUN") if "pip install" in command]
    assert len(installs) == 3
    for command in installs:
        lock = re.search(r" --require-hashes -r (\S+)$", command)
        assert (ROOT / lock[1]).is_file() if lock else "--no-deps dist/" in command, command
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"\w+://[^/:]+", text)) == {"http://127.0.0.1"}
    assert len({stage.base for stage in STAGES}) == 1


def test_it_runs_without_root_on_a_file_system_that_is_read_only() -> None:
    user = FINAL.last("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "a number, so that an orchestrator can tell that it is not root"
    state = FINAL.last("VOLUME")
    assert f"install -d -o {user.replace(':', ' -g ')} {state}" in FINAL.last("RUN")
    assert f"GRAPH_SERVICE_SNAPSHOTS={state}/" in FINAL.last("ENV")
    (service,) = COMPOSE["services"].values()
    assert (ROOT / "deploy" / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["tmpfs"].startswith("/tmp:")
    assert [volume.partition(":")[2] for volume in service["volumes"]] == [state]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_settings_are_known_and_the_limit_of_memory_is_their_sum() -> None:
    (service,) = COMPOSE["services"].values()
    variables = dict(pair.split("=", 1) for pair in shlex.split(FINAL.last("ENV")))
    assert unknown_settings({**variables, **service["environment"]}) == set()
    assert service["mem_limit"] == f"{sum_of_parts(service['environment'])}m"


def test_a_project_of_ones_own_is_mounted_and_only_read() -> None:
    (service,) = yaml.safe_load((ROOT / "deploy" / "compose.project.yaml").read_text(encoding="utf-8"))[
        "services"
    ].values()
    assert set(service) == {"environment", "volumes"}
    (volume,) = service["volumes"]
    source, _, inside = volume.rpartition("}:")
    assert (source.startswith("${PROJECT:?"), inside) == (True, "/project:ro")
    # The command line takes its settings from there, wherever it starts.
    assert service["environment"] == {"GRAPH_SERVICE_SETTINGS": "/project/graph-service.toml"}
    assert "GRAPH_SERVICE_SETTINGS" in {option.envvar for option in main.params}


@dataclass(frozen=True)
class Engine:
    """How a container engine is called, and what it is told when it builds and when it runs."""

    command: Sequence[str]
    build: Sequence[str] = ()
    run: Sequence[str] = ()

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.command, *words], cwd=ROOT, capture_output=True, text=True, check=False)

    def done(self, *words: str) -> str:
        """What it answers.

        Raises:
            AssertionError: it fails.
        """
        answer = self(*words)
        assert answer.returncode == 0, answer.stderr[-2000:]
        return answer.stdout.strip()


_AS_DOCKER = ("--format", "docker")
ENGINES = (
    Engine(["docker"]),
    Engine(["podman"], _AS_DOCKER),
    # Where cgroups of both versions are mounted, which crun refuses; see docs/deployment.md.
    Engine(
        ["podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs"],
        (*_AS_DOCKER, "--isolation", "chroot", "--layers=false"),
        ("--network", "none", "--ulimit", "nofile=4096:4096", "--ulimit", "nproc=1024:1024"),
    ),
)


def _engine() -> Engine:
    """A container engine that can run the base image, which it has.

    Raises:
        pytest.skip.Exception: there is none; it says why.
    """
    reasons = []
    for engine in ENGINES:
        name = " ".join(engine.command)
        if shutil.which(engine.command[0]) is None:
            reasons.append(f"{name}: not installed")
            continue
        tried = engine("run", *engine.run, "--rm", "--pull=never", FINAL.base, "python", "--version")
        if tried.returncode == 0:
            return engine
        reasons.append(f"{name}: {' '.join(tried.stderr.split())[:200]}")
    pytest.skip("; ".join(reasons))


def test_the_image_builds_and_starts() -> None:
    engine = _engine()
    image = "localhost/graph-service-test"
    engine.done("build", *engine.build, "-t", image, "-f", "deploy/Containerfile", ".")
    started = engine.done("run", *engine.run, "--detach", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", image)
    try:
        check = json.loads(FINAL.last("HEALTHCHECK").partition("CMD ")[2])
        assert wait_until(lambda: engine("exec", started, *check).returncode == 0, 120)
        assert engine.done("exec", started, "id", "-u") == FINAL.last("USER").partition(":")[0]
        assert "Read-only" in engine("exec", started, "touch", "/x").stderr
        published = engine.done("exec", started, "graph-service", "publish")
        assert published.startswith(FINAL.last("VOLUME"))
    finally:
        engine.done("rm", "--force", "--volumes", started)


ISOLATED = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/python /mnt/packages /mnt/program /mnt/state
mount -o bind,ro "$1" /mnt/python
mount -o bind,ro "$2" /mnt/packages
mount -o bind,ro "$3" /mnt/program
mount --bind "$4" /mnt/state
mount -o remount,bind,ro /mnt
mount -o remount,bind,ro /
mount -t tmpfs tmpfs /tmp
cd /mnt/state
user=$5
shift 5
exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


def _can_isolate() -> bool:
    tools = all(map(shutil.which, ("unshare", "setpriv", "mount")))
    return tools and os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as the container file builds it, installed as it is there."""
    at = tmp_path_factory.mktemp("program")
    (build,) = (command for command in STAGES[1].all("RUN") if "hatchling" in command)
    wheels = at / "dist"
    command = [sys.executable, *shlex.split(build.replace("-d dist", f"-d {wheels}"))[1:]]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    shutil.unpack_archive(next(wheels.glob("*.whl")), at / "installed", "zip")
    return at / "installed"


@pytest.mark.skipif(not _can_isolate(), reason="only root can make a file system read-only and be somebody else")
def test_the_wheel_serves_as_nobody_in_particular_and_writes_to_its_volume_only(
    program: Path, shipped_snapshot: Snapshot, tmp_path: Path
) -> None:
    number = int(FINAL.last("USER").partition(":")[0])
    state = tmp_path / "state"
    shutil.copytree(shipped_snapshot.path.parent, state / "snapshots", symlinks=True)
    for path in (state, *state.rglob("*")):
        os.chown(path, number, number, follow_symlinks=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    python = Path("/mnt/python") / Path(os.path.realpath(sys.executable)).relative_to(sys.base_prefix)
    environment = {
        "PYTHONPATH": "/mnt/program:/mnt/packages",
        "LD_LIBRARY_PATH": "/mnt/python/lib",
        "GRAPH_SERVICE_SNAPSHOTS": "/mnt/state/snapshots",
        "GRAPH_SERVICE_PORT": str(port),
    }
    places = [sys.base_prefix, sysconfig.get_path("purelib"), str(program), str(state)]
    served = [str(python), "-m", "graph_service", *json.loads(FINAL.last("CMD"))]
    command = ["unshare", "--mount", "sh", "-c", ISOLATED, "sh", *places, str(number), *served]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, env={**environment, "PATH": os.environ["PATH"]}, stderr=log)
    try:
        check = json.loads(FINAL.last("HEALTHCHECK").partition("CMD ")[2])
        healthy = [sys.executable, *(part.replace(":8000/", f":{port}/") for part in check[1:])]
        assert wait_until(lambda: subprocess.run(healthy, stderr=subprocess.DEVNULL, check=False).returncode == 0, 60)
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert f"Uid:\t{number}\t{number}" in status
        assert "CapEff:\t0000000000000000" in status
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            assert client.get("/health").json()["digest"] == shipped_snapshot.digest
            assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
            assert client.get("/", headers={"accept": "text/html"}).status_code == 200
            assert client.get("/dump/graph.nq").status_code == 200
        assert (state / "snapshots" / shipped_snapshot.path.name / "dumps").is_dir()
    finally:
        process.terminate()
        process.wait(timeout=30)
