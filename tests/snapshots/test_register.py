"""The register of editions: it only grows, stays readable, and names the lines that are damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_service.errors import SnapshotError
from graph_service.snapshots import register, retention, sealed
from graph_service.snapshots.register import RegisteredSnapshot
from tests.bits import flipped
from tests.snapshots.test_snapshot import SOME, write

ENTRIES = [RegisteredSnapshot(f"{n}" * 64, f"{n}" * 64 + ".f", f"2026-01-0{n}T00:00:00+00:00", n) for n in (1, 2, 3)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for entry in ENTRIES:
        register.record(tmp_path, entry)
    return tmp_path


def test_each_line_holds_its_digest(root: Path) -> None:
    lines = (root / register.NAME).read_text().splitlines()
    assert [sealed.opened(line)["digest"] for line in lines] == [entry.digest for entry in ENTRIES]
    assert register.read(root) == ENTRIES
    assert register.damaged(root) == []


def test_one_data_set_in_a_row_is_one_edition(root: Path) -> None:
    again = RegisteredSnapshot(ENTRIES[2].digest, "3.other-software", "2026-01-04T00:00:00+00:00", 3)
    for entry in (again, ENTRIES[0]):
        register.record(root, entry)
    told = [(one.digest[0], one.directory[:3], one.since[:10]) for one in register.read_by_data(root)]
    assert told[2:] == [("3", "3.o", "2026-01-03"), ("1", "111", "2026-01-01")]
    assert len(told) == 4


def test_lines_of_earlier_versions_stay_readable_and_as_they_are(tmp_path: Path) -> None:
    old = "".join(json.dumps(vars(entry)) + "\n" for entry in ENTRIES[:2])
    (tmp_path / register.NAME).write_text(old)
    register.record(tmp_path, ENTRIES[2])
    assert (tmp_path / register.NAME).read_text().startswith(old)
    assert register.read(tmp_path) == ENTRIES
    assert register.damaged(tmp_path) == []


def test_every_flipped_bit_is_found_and_the_line_named(root: Path) -> None:
    path = root / register.NAME
    content = path.read_bytes()
    ends = [place for place, byte in enumerate(content) if byte == ord("\n")]
    for place in range(len(content)):
        for bit in (0, 5):
            with flipped(path, place, bit):
                number = sum(end < place for end in ends) + 1
                found = register.damaged(root)
                if place == ends[-1]:
                    # The last line goes on, as if it were being written.
                    assert register.read(root) == ENTRIES[:2]
                elif place in ends:
                    assert found == [f"{register.NAME}:{number}"]
                else:
                    lines = number, number + 1
                    # A bit of a sign can make it the end of a line.
                    halves = [f"{register.NAME}:{n}" for n in lines]
                    assert found in (halves[:1], halves), (place, bit)
                    assert [entry for entry in ENTRIES if entry not in register.read(root)] == [ENTRIES[number - 1]]
    assert register.read(root) == ENTRIES


def test_a_torn_line_is_replaced_by_the_next_entry_and_named_from_then_on(root: Path) -> None:
    with (root / register.NAME).open("ab") as file:
        file.write(b'{"digest": "4444')
    assert register.damaged(root) == []
    more = RegisteredSnapshot("4" * 64, "4" * 64 + ".f", "2026-01-04T00:00:00+00:00", 4)
    register.record(root, more)
    assert register.read(root) == [*ENTRIES, more]
    assert register.damaged(root) == [f"{register.NAME}:4"]


def test_a_damaged_line_costs_no_snapshot(tmp_path: Path) -> None:
    """Which snapshots were used last, only the register knows."""
    made = [write(tmp_path, SOME[:n]) for n in (1, 2, 3, 4)]
    with flipped(tmp_path / register.NAME, (tmp_path / register.NAME).read_bytes().index(made[2].digest.encode())):
        with pytest.raises(SnapshotError, match=r"editions\.jsonl:3 cannot be read\. Put the line back"):
            retention.find(tmp_path, "f" * 64)
        retention.tidy(tmp_path, keep=2)
        assert [one.path.is_dir() for one in made] == [False, True, True, True]
    retention.tidy(tmp_path, keep=2)
    assert [one.path.is_dir() for one in made] == [False, False, True, True]
