"""Evidence: a passage is found by digest, its change or move is reported, everything else stays silent."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.building.evidence import CitedPassage, PassageCheck, check, passages
from graph_service.errors import SettingsError, SourceError
from graph_service.reading.passages import Ranges, cut, digest, normalise

TEXT = """\
Überschrift

1. Erstes Ziel für alle.
Fußzeile 28.06.
2. Zweites Ziel, das hier
Fußzeile 28.06.
weitergeht.
"""


def passage(name: str, *parts: str, words: bool = True) -> CitedPassage:
    ranges = tuple((TEXT.index(part), TEXT.index(part) + len(part)) for part in parts)
    first_words = parts[0][:8] if words else ""
    return CitedPassage(name, "paper.txt", ranges, digest(cut(TEXT, ranges)), first_words, (f"position-of-{name}",))


PASSAGES = [
    passage("whole", "1. Erstes Ziel für alle."),
    passage("torn", "2. Zweites Ziel, das hier", "weitergeht."),
    passage("wordless", "Zweites Ziel", words=False),
]


def outcomes(directory: Path, text: str, encoding: str = "utf-8") -> dict[str, tuple[PassageCheck, Ranges]]:
    (directory / "paper.txt").write_bytes(text.encode(encoding))
    return {f.passage.iri: (f.outcome, f.ranges) for f in check(PASSAGES, directory)}


def test_the_text_as_it_was_coded_matches(tmp_path: Path) -> None:
    assert {outcome for outcome, _ in outcomes(tmp_path, TEXT).values()} == {PassageCheck.MATCHES}


@pytest.mark.parametrize("same", [TEXT.replace("\n", "\r\n"), unicodedata.normalize("NFD", TEXT)])
def test_line_ends_and_unicode_form_do_not_matter(tmp_path: Path, same: str) -> None:
    assert same != TEXT
    assert {outcome for outcome, _ in outcomes(tmp_path, same).values()} == {PassageCheck.MATCHES}


def test_a_byte_order_mark_is_no_character_of_the_text(tmp_path: Path) -> None:
    assert {outcome for outcome, _ in outcomes(tmp_path, TEXT, "utf-8-sig").values()} == {PassageCheck.MATCHES}


def test_one_character_fails_exactly_the_passages_over_it(tmp_path: Path) -> None:
    for place, character in enumerate(TEXT):
        changed = TEXT[:place] + ("x" if character != "x" else "y") + TEXT[place + 1 :]
        over = {p.iri for p in PASSAGES if any(start <= place < end for start, end in p.ranges)}
        found = outcomes(tmp_path, changed)
        assert {name for name, (outcome, _) in found.items() if outcome is PassageCheck.DIFFERS} == over
        assert {name for name, (outcome, _) in found.items() if outcome is PassageCheck.MATCHES} == set(found) - over


def test_text_inserted_before_moves_passages_and_says_where_to(tmp_path: Path) -> None:
    added = "Ein neuer Absatz.\n"
    place = TEXT.index("2.")
    moved = TEXT[:place] + added + TEXT[place:]
    found = outcomes(tmp_path, moved)
    assert found["whole"][0] is PassageCheck.MATCHES
    for name in ("torn", "wordless"):
        outcome, ranges = found[name]
        (before,) = (p for p in PASSAGES if p.iri == name)
        assert outcome is PassageCheck.MOVED
        assert cut(moved, ranges) == cut(TEXT, before.ranges)


def test_a_passage_torn_at_another_place_is_found_again(tmp_path: Path) -> None:
    moved = TEXT.replace("das hier\nFußzeile 28.06.", "das hier\nFußzeile 28.06.2019, Seite 2")
    outcome, ranges = outcomes(tmp_path, moved)["torn"]
    assert outcome is PassageCheck.MOVED
    assert cut(moved, ranges) == "2. Zweites Ziel, das hier\nweitergeht."


def test_without_sources_nothing_is_checked_and_nothing_is_wrong(tmp_path: Path) -> None:
    for directory in (None, tmp_path):
        findings = check(PASSAGES, directory)
        assert {finding.outcome for finding in findings} == {PassageCheck.NOT_CHECKED}
        assert not any(finding.is_wrong for finding in findings)


def test_a_source_may_lie_in_a_directory_below(tmp_path: Path) -> None:
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "paper.txt").write_text(TEXT, encoding="utf-8")
    below = CitedPassage("p", "programmes/paper.txt", ((0, 11),), digest(TEXT[:11]))
    (finding,) = check([below], tmp_path)
    assert finding.outcome is PassageCheck.MATCHES


def test_a_link_does_not_lead_out_of_the_sources(tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "link.txt").symlink_to(tmp_path / "paper.txt")
    (finding,) = check([CitedPassage("p", "link.txt", ((0, 1),), digest(TEXT[0]))], tmp_path / "below")
    assert finding.outcome is PassageCheck.NOT_CHECKED


@pytest.mark.parametrize("name", ["../paper.txt", "a/../../paper.txt", "/etc/hostname", ".", ""])
def test_a_document_cannot_name_a_file_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "paper.txt").write_text(TEXT)
    (tmp_path / "below").mkdir()
    stranger = CitedPassage("p", name, ((0, 1),), digest(TEXT[0]))
    (finding,) = check([stranger], tmp_path / "below")
    assert finding.outcome is PassageCheck.NOT_CHECKED


def test_what_cannot_be_read_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not a directory"):
        check(PASSAGES, tmp_path / "absent")
    with pytest.raises(SourceError, match=r"paper\.txt: is not UTF-8"):
        outcomes(tmp_path, TEXT, "latin-1")


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\r" not in once


def test_rows_of_the_query_become_passages() -> None:
    row = {"passage": "p", "file": "f.txt", "sha256": "0", "firstWords": "a b"}
    rows = [
        {**row, "start": "20", "end": "30", "support": "one"},
        {**row, "start": "3", "end": "9", "support": "two"},
        {**row, "start": "20", "end": "30", "support": ""},
    ]
    assert passages(rows) == [CitedPassage("p", "f.txt", ((3, 9), (20, 30)), "0", "a b", ("one", "two"))]
