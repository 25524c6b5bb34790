"""The command line's part: from a CSV file to a network in any format."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import click
import networkx as nx
import pytest
from click.testing import CliRunner, Result

from graph_service.commands.cli import main
from graph_service.commands.network import NetworkOptions, network_options, pieces
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
    for piece in pieces(statements, options):
        sys.stdout.buffer.write(piece)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def run(path: Path, *options: str) -> Result:
    renamed = ["--column", "concept=proposition", "--column", "level=agreement"]
    return CliRunner().invoke(command, [str(path), *renamed, *options])


def edges(result: Result) -> list[str]:
    """Both ends and the weight of each edge."""
    return [line.removesuffix(",Undirected,1") for line in result.output.splitlines()[1:]]


def test_edge_list(sheet: Path) -> None:
    assert run(sheet).output == "source,target,weight,type,sign\nA,B,1.0,Undirected,1\nB,C,1.0,Undirected,1\n"


def test_filters(sheet: Path) -> None:
    assert edges(run(sheet, "--only", "issue=housing")) == ["B,C,1.0"]
    assert edges(run(sheet, "--without", "actor=C", "--measure", "conflict")) == ["A,B,1.0"]
    assert edges(run(sheet, "--until", "2019-01-08", "--measure", "ignore")) == ["A,B,2.0"]


def test_affiliation(sheet: Path) -> None:
    made = run(sheet, "--affiliation", "issue", "--duplicates", "range")
    assert edges(made) == ["A,asylum,1.0", "B,asylum,1.0", "B,housing,1.0", "C,housing,1.0"]


def test_windows_are_a_list(sheet: Path) -> None:
    made = json.loads(run(sheet, "--window", "1", "--format", "json", "--measure", "ignore").output)
    assert [one["graph"]["midpoint"] for one in made] == ["2019-01-07", "2019-01-08", "2019-01-09"]
    assert json.loads(run(sheet, "--window", "9", "--format", "json").output) == []
    assert "Time windows are written as JSON" in str(run(sheet, "--window", "1").exception)
    dynamic = run(sheet, "--window", "1", "--format", "gexf", "--measure", "ignore").output
    assert set(nx.read_gexf(io.BytesIO(dynamic.encode())).nodes) == {
        node["id"] for one in made for node in one["nodes"]
    }


def test_figures_are_chosen(sheet: Path) -> None:
    made = json.loads(run(sheet, "--figure", "community", "--format", "json").output)
    assert made["nodes"][0] == {"id": "A", "community": 0}


def test_wrong_calls(sheet: Path, tmp_path: Path) -> None:
    assert run(sheet, "--since", "soon").exit_code == 2
    assert isinstance(run(sheet, "--mode", "two-mode", "--measure", "conflict").exception, GraphServiceError)
    assert "'issue' is not a pair" in str(run(sheet, "--only", "issue").exception)
    assert "no column 'ministry'" in str(run(sheet, "--only", "ministry=x").exception)
    with pytest.raises(SourceError, match=r"There is no column 'concept'\. The columns are: actor, proposition"):
        read_csv(sheet)
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        read_csv(tmp_path / "absent.csv")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("actor;concept;level\nA;x;much\n", encoding="utf-8-sig")
    with pytest.raises(SourceError, match=r"wrong.csv: Row 2: level 'much' is not a number"):
        read_csv(wrong)


DNA = """\
"statement_id";"time";"person";"organization";"concept";"agreement";"start_position";"stop_position";"text";"coder";\
"document_id";"document_title";"document_author"
1;2024-03-01 08:15:00;"A. Muster";"SPD";"benefits-by-card";0;10;60;"Eine Zeile
und noch eine";1;5;"Artikel, eins";"C. Muster"
2;2024-03-01 08:15:00;"";"CDU";"benefits-by-card";1;70;90;"Satz";1;5;"Artikel, eins";""
3;2024-04-01 00:00:00;"B. Muster";"";"benefits-by-card";1;1;9;"ja";1;6;"Artikel zwei";""
"""


def statements(path: Path, content: str | bytes) -> list[dict[str, Any]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [one._asdict() for one in read_csv(path)]


def test_an_event_list_of_dna_is_read_by_its_own_headers(tmp_path: Path) -> None:
    found = statements(tmp_path / "events.csv", DNA)
    assert [(one["actor"], one["level"], one["document"], one["place"], one["date"], one["id"]) for one in found] == [
        ("SPD", 0.0, "5", 10, "2024-03-01", "1"),
        ("CDU", 1.0, "5", 70, "2024-03-01", "2"),
    ]
    assert read_csv(tmp_path / "events.csv").binary
    assert "Muster" not in str(found)
    assert "Zeile" not in str(found)


def test_persons_are_no_nodes_even_if_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(DNA, encoding="utf-8")
    with pytest.raises(SourceError, match="'person' is not read"):
        read_csv(path, columns={"actor": "person"})


@pytest.mark.parametrize(
    "content",
    [
        "actor,concept,level,document,date\nA,x,TRUE,d1,2024-03-01\nB,x,FALSE,d1,2024-03-01\n",
        "sep=;\nactor;concept;level;document;date\nA;x;1,0;d1;01.03.2024\nB;x;0,0;d1;1.3.2024 08:15\n",
        "actor\tconcept\tlevel\tdocument\tdate\nA\tx\t1\td1\t2024-03-01\nB\tx\t0\td1\t2024-03-01\n".encode("utf-16"),
        "actor;concept;level;document;date\nA\u00a0;\u200bx;1;d1;2024-03-01\n\nB;x\u00ad;0;d1;2024-03-01\n",
    ],
    ids=["R writes TRUE", "German Excel", "UTF-16", "invisible characters"],
)
def test_habits_of_other_programs(content: str | bytes, tmp_path: Path) -> None:
    found = statements(tmp_path / "statements.csv", content)
    shown = [(one["actor"], one["concept"], one["level"], one["date"]) for one in found]
    assert shown == [("A", "x", 1.0, "2024-03-01"), ("B", "x", 0.0, "2024-03-01")]


def test_umlauts_of_the_mac(tmp_path: Path) -> None:
    content = "actor;concept\nÄmter in Thüringen;Größe – für Länder\n"
    assert statements(tmp_path / "mac.csv", content.encode("mac_roman"))[0]["actor"] == "Ämter in Thüringen"


def test_errors_name_the_first_wrong_row_as_a_spreadsheet_counts(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text('actor,concept,level\n"A\nB",x,1\n\nA,x,much\nA,x,more\nA,x,less\n', encoding="utf-8")
    with pytest.raises(SourceError, match="Row 4: level 'much'"):
        read_csv(path)
    path.write_text("actor,concept\nA,x,1\n", encoding="utf-8")
    with pytest.raises(SourceError, match="Row 2 has more cells"):
        read_csv(path)
    path.write_text("actor,concept,actor\nA,x,1\n", encoding="utf-8")
    with pytest.raises(SourceError, match="has the column actor twice"):
        read_csv(path)
    path.write_text("actor,concept\nA\x07,x\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"row 2, column number 1: holds U\+0007"):
        read_csv(path)


def test_rows_without_an_organisation_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(DNA, encoding="utf-8")
    told: list[str] = []
    assert len(read_csv(path, say=told.append)) == 2
    assert told == [f"{path}: 1 row is left out, as its 'organization' is empty: 4."]
    rows = "".join(f"{'' if n % 2 else 'A'},{'x' if n else ''}\n" for n in range(30))
    path.write_text(f"actor,concept\n{rows}", encoding="utf-8")
    told.clear()
    assert len(read_csv(path, say=told.append)) == 14
    assert told == [
        f"{path}: 15 rows are left out, as their 'actor' is empty: 3, 5, 7, 9, 11, 13, 15, 17, 19, 21 ….",
        f"{path}: 1 row is left out, as its 'concept' is empty: 2.",
    ]


def test_a_file_of_which_no_row_is_left_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("statement_id,organization,person,concept\n1,,A. Muster,x\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"1 row is left out, as its 'organization' is empty: 2\. Fill them"):
        read_csv(path)


def test_the_command_tells_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(DNA, encoding="utf-8")
    done = CliRunner().invoke(main, ["network", str(path)])
    assert done.exit_code == 0, done.output
    assert "1 row is left out" in done.stderr
    assert "left out" not in done.stdout
