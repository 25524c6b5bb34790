"""The unit is one that systemd takes, and forbids nothing that the service needs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from graph_service.commands.cli import main
from tests.conftest import ROOT
from tests.deployment.memory import sum_of_parts, unknown_settings

TEXT = (ROOT / "deploy" / "graph-service.service").read_text(encoding="utf-8")
SYSTEMD = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
# Limits and death of workers, pairs of sockets, forking, holding of directories, Landlock and the filter of a worker.
NEEDED = {"prctl", "prlimit64", "setrlimit", "socketpair", "clone", "clone3", "fork", "flock", "seccomp"}
NEEDED |= {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}


def values(name: str) -> list[str]:
    """All values of a setting, in order."""
    return re.findall(rf"^{name}=(.*)$", TEXT, re.MULTILINE)


@SYSTEMD
def test_systemd_takes_it(tmp_path: Path) -> None:
    here = str(Path(sys.executable).with_name("graph-service"))
    unit = tmp_path / "graph-service.service"
    unit.write_text(TEXT.replace("/opt/graph-service/bin/graph-service", here))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert not [line for line in done.stderr.splitlines() if unit.name in line]
    assert done.returncode == 0, done.stderr


def test_programs_are_the_ones_that_there_are() -> None:
    for command in (*values("ExecStart"), *values("ExecReload")):
        program, word = command.split()
        assert program == "/opt/graph-service/bin/graph-service"
        assert word in main.list_commands(click.Context(main))


def test_settings_are_known_and_the_limit_of_memory_is_their_sum() -> None:
    environment = dict(pair.split("=", 1) for line in values("Environment") for pair in shlex.split(line))
    assert unknown_settings(environment) == set()
    assert values("MemoryMax") == [f"{sum_of_parts(environment)}M"]
    (state,) = values("StateDirectory")
    assert environment["GRAPH_SERVICE_SNAPSHOTS"].startswith(f"%S/{state}/")


@SYSTEMD
def test_what_workers_do_to_seclude_themselves_is_allowed() -> None:
    allowed: set[str] = set()
    queue = [name for value in values("SystemCallFilter") for name in value.split()]
    assert not [name for name in queue if name.startswith("~")], "this test adds up and never takes away"
    while queue:
        name = queue.pop()
        if name.startswith("@"):
            told = subprocess.run(
                ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
            )
            queue += [line.strip() for line in told.stdout.splitlines()[1:] if line.strip() and "#" not in line]
        else:
            allowed.add(name)
    assert NEEDED - allowed == set()
    assert "AF_UNIX" in values("RestrictAddressFamilies")[0].split()
