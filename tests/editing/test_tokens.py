"""A file of tokens is read as it stands, and only if nobody else can read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.commands.cli import main
from graph_service.editing import tokens
from graph_service.errors import SettingsError


def test_a_token_is_shown_once_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    arguments = [
        "edit-token",
        "editor-1",
        "--edit-tokens",
        str(path),
        "--files",
        "documents/*",
        "--files",
        "actors/x.ttl",
    ]
    secrets = [CliRunner().invoke(main, arguments).stdout.strip() for _ in range(2)]
    assert path.stat().st_mode & 0o777 == 0o600
    assert secrets[0] not in path.read_text()
    known = tokens.read(path)
    for number, secret in enumerate(secrets):
        assert tokens.find(known, secret) == known[number]
    found = tokens.find(known, secrets[0])
    assert found is not None
    assert found.editor == "editor-1"
    allowed = {"documents/a.ttl": True, "actors/x.ttl": True, "actors/y.ttl": False, "a.ttl": False}
    assert {name: tokens.may_write(found.files, name) for name in allowed} == allowed
    for wrong in ("", secrets[0][:-1], secrets[0] + "x", "ä\udcff"):
        assert tokens.find(known, wrong) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("editor-1 secret *", "tokens:1: has no digest"),
        (f"# who\n\neditor-1 sha256:{'0' * 64}", "tokens:3: The token may write no file"),
        (f"Anna sha256:{'0' * 64} *", "tokens:1: 'Anna' cannot be the name"),
        (f"editor-1 sha256:{'0' * 64} ../*", "tokens:1: '../\\*' is no pattern"),
    ],
)
def test_a_wrong_line_is_named(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.touch(0o600)
    path.write_text(text)
    with pytest.raises(SettingsError, match=says):
        tokens.read(path)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.touch()
    for mode in (0o644, 0o620, 0o602):
        path.chmod(mode)
        with pytest.raises(SettingsError, match="chmod 600"):
            tokens.read(path)
    path.chmod(0o640)
    assert tokens.read(path) == []
    os.mkfifo(tmp_path / "pipe", 0o600)
    for other in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(SettingsError, match="is no file"):
            tokens.read(other)
    with pytest.raises(SettingsError, match="edit-token"):
        tokens.read(tmp_path / "absent")
