"""Where the suites of the W3C are, and what a run without them leaves out.

They are not part of this repository: they are found at `../shared/w3c` or at `W3C_SUITES=DIR`. Without them their tests
are left out of the run, and one line of its summary says so; `w3c_suites.toml` has the numbers. A suite that is there
and incomplete fails: its tests compare the number of cases read with the list.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "W3C_SUITES"
MARKER = "w3c"
_ROOT = Path(__file__).parents[1]
_MISSED = pytest.StashKey[set[str]]()


def _directory() -> Path:
    named = os.environ.get(VARIABLE)
    return Path(named).resolve() if named else _ROOT.parent / "shared" / "w3c"


SUITES = _directory()


@dataclass(frozen=True)
class Suite:
    """One suite: its directory below `SUITES`, its number of cases, the files that run it, its address."""

    directory: str
    cases: int
    files: tuple[str, ...]
    published: str


def suites() -> dict[str, Suite]:
    """The suites of the list, by name."""
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: Suite(**{**entry, "files": tuple(entry["files"])}) for name, entry in listed.items()}


def configure(config: pytest.Config) -> None:
    """Make the marker known.

    Raises:
        UsageError: `W3C_SUITES` names no directory.
    """
    config.addinivalue_line("markers", f"{MARKER}(name): a test of a suite of the W3C, by its name in the list")
    config.stash[_MISSED] = set()
    if os.environ.get(VARIABLE) and not SUITES.is_dir():
        raise pytest.UsageError(f"{VARIABLE} names no directory: {SUITES}")


def deselect(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of suites that are absent."""
    absent = {name for name, suite in suites().items() if not (SUITES / suite.directory).is_dir()}
    left_out = [item for item in items if _suites_of(item) & absent]
    missed = config.stash[_MISSED]
    missed |= {name for item in left_out for name in _suites_of(item)}
    items[:] = [item for item in items if item not in set(left_out)]
    config.hook.pytest_deselected(items=left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput[MARKER] = sorted(missed)


def _suites_of(item: pytest.Item) -> set[str]:
    return {marker.args[0] for marker in item.iter_markers(MARKER)}


def take_over(config: pytest.Config, output: dict[str, Any]) -> None:
    """What a worker of pytest-xdist has left out."""
    config.stash[_MISSED].update(output.get(MARKER, ()))


def summary(config: pytest.Config) -> str:
    """One line on what was left out; empty where that is nothing."""
    return sentence(config.stash[_MISSED])


def sentence(missed: set[str]) -> str:
    """How many cases of these suites were not run, and where the suites are published."""
    absent = [suite for name, suite in suites().items() if name in missed]
    if not absent:
        return ""
    addresses = " and ".join(dict.fromkeys(suite.published for suite in absent))
    count = sum(suite.cases for suite in absent)
    return f"{count} cases of the W3C were not run: {VARIABLE}=DIR names their suites, published at {addresses}"
