"""The command line's part: from a CSV file to a network in any format."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from graph_service.commands.network_file import NetworkOptions, network_options, write_network
from graph_service.errors import GraphServiceError, SourceError
from graph_service.networks import read_csv

SHEET = """\
actor,proposition,agreement,document,date,issue
A,counselling,1,a1,2019-01-07,asylum
A,detention,-1,a1,2019-01-07,asylum
B,counselling,1,b1,2019-01-08,asylum
B,detention,1,b1,2019-01-08,asylum
B,housing,1,b1,2019-01-08,housing
C,housing,1,c1,2019-01-09,housing
"""


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@network_options
def command(path: Path, **given: Any) -> None:
    """As the command line has it."""
    options = NetworkOptions.taken_from(given)
    statements = read_csv(path, columns=options.columns, binary=options.binary)
    write_network(statements, options, sys.stdout.buffer)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def run(path: Path, *options: str) -> Result:
    renamed = ["--column", "concept=proposition", "--column", "level=agreement"]
    return CliRunner().invoke(command, [str(path), *renamed, *options])


def test_edge_list(sheet: Path) -> None:
    assert run(sheet).output == "source,target,weight\nA,B,1.0\nB,C,1.0\n"


def test_filters(sheet: Path) -> None:
    assert run(sheet, "--only", "issue=housing").output.splitlines() == ["source,target,weight", "B,C,1.0"]
    assert run(sheet, "--without", "actor=C", "--measure", "conflict").output.splitlines()[1:] == ["A,B,1.0"]
    assert run(sheet, "--until", "2019-01-08", "--measure", "ignore").output.splitlines()[1:] == ["A,B,2.0"]


def test_affiliation(sheet: Path) -> None:
    made = run(sheet, "--affiliation", "issue", "--duplicates", "range")
    assert made.output.splitlines()[1:] == ["A,asylum,1.0", "B,asylum,1.0", "B,housing,1.0", "C,housing,1.0"]


def test_windows_are_a_list(sheet: Path) -> None:
    made = json.loads(run(sheet, "--window", "1", "--format", "json", "--measure", "ignore").output)
    assert [one["graph"]["midpoint"] for one in made] == ["2019-01-07", "2019-01-08", "2019-01-09"]
    assert json.loads(run(sheet, "--window", "9", "--format", "json").output) == []
    assert "Time windows are written as JSON" in str(run(sheet, "--window", "1").exception)


def test_figures_are_chosen(sheet: Path) -> None:
    made = json.loads(run(sheet, "--figure", "community", "--format", "json").output)
    assert made["nodes"][0] == {"id": "A", "community": 0}


def test_wrong_calls(sheet: Path, tmp_path: Path) -> None:
    assert run(sheet, "--since", "soon").exit_code == 2
    assert isinstance(run(sheet, "--mode", "two-mode", "--measure", "conflict").exception, GraphServiceError)
    assert "'issue' is no pair" in str(run(sheet, "--only", "issue").exception)
    assert "no column 'ministry'" in str(run(sheet, "--only", "ministry=x").exception)
    with pytest.raises(SourceError, match=r"There is no column 'concept'\. The columns are: actor, proposition"):
        read_csv(sheet)
    with pytest.raises(SourceError, match="is no CSV in UTF-8"):
        read_csv(tmp_path / "absent.csv")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("actor;concept;level\nA;x;much\n", encoding="utf-8-sig")
    with pytest.raises(SourceError, match=r"wrong.csv: Row 1: level 'much' is not a number"):
        read_csv(wrong)
