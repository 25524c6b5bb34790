"""Who may edit: a file of tokens, of each its SHA-256 only.

A line is the name of an editor, the digest, and patterns of the files that it may write, divided by blanks:

    editor-1 sha256:8f43… documents/* actors/*

A token has 256 bits of chance, so a digest without salt tells nothing of it (OWASP, Password Storage, on API keys).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from graph_service.errors import Location, SettingsError
from graph_service.reading.shelf import write_whole

ALL = "*"
_PREFIX = "gse_"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME = 40
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class Token:
    """One token.

    Attributes:
        editor: whose it is; stands in the graph with each edit.
        sha256: of the token, hexadecimal.
        files: patterns of names of files below the directory of data; `*` stands for any characters.
    """

    editor: str
    sha256: str
    files: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.editor, f"sha256:{self.sha256}", *self.files))


def may_write(files: Sequence[str], name: str) -> bool:
    """Whether one of the patterns allows a file."""
    return any(fnmatchcase(name, pattern) for pattern in files)


def made(editor: str, files: Sequence[str] = ()) -> tuple[str, Token]:
    """A new token in words, which nobody can find out again, and what is kept of it.

    Raises:
        SettingsError: the name or a pattern cannot be used.
    """
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = Token(editor, _digest(secret), tuple(files) or (ALL,))
    if wrong := _wrong(token):
        raise SettingsError(f"{wrong[0]}.", hint=wrong[1])
    return secret, token


def add(path: Path, token: Token) -> None:
    """Add a token to a file, which only its owner can read; the file is made if it is absent.

    Raises:
        SettingsError: the file is not one of tokens.
    """
    before = ""
    if path.exists():
        read(path)  # for its errors
        before = path.read_text(encoding="utf-8")
    gap = "\n" if before and not before.endswith("\n") else ""
    write_whole(path, f"{before}{gap}{token}\n".encode())


def read(path: Path) -> list[Token]:
    """The tokens of a file.

    Raises:
        SettingsError: there is no such file, others than its owner may read or write it, or a line is wrong.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        hint = f"Make one with a first token: graph-service edit-token NAME --edit-tokens {path}"
        raise SettingsError(f"{path}: {error.strerror}.", hint=hint) from None
    try:
        _check(path, os.fstat(descriptor))
        text = os.read(descriptor, _MOST_BYTES).decode("utf-8", "replace")
    finally:
        os.close(descriptor)
    return [
        _token(line, Location(path, number))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]


def find(tokens: Sequence[Token], presented: str) -> Token | None:
    """The token that somebody presents; takes equally long for each that is wrong."""
    digest, found = _digest(presented), None
    for token in tokens:
        if hmac.compare_digest(token.sha256, digest):
            found = token
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _check(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SettingsError(f"{path} is no file.", hint="Name a file of tokens.")
    if status.st_uid not in (0, os.geteuid()):
        raise SettingsError(
            f"{path} belongs to somebody else.", hint="It must be of whoever runs the service, or root."
        )
    if status.st_mode & (stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP):
        raise SettingsError(f"{path} can be read or written by others.", hint=f"chmod 600 {path}")
    if status.st_size > _MOST_BYTES:
        raise SettingsError(f"{path} has more than {_MOST_BYTES} bytes.", hint="Name a file of tokens.")


def _token(line: str, where: Location) -> Token:
    editor, *rest = line.split()
    digest = _DIGEST.fullmatch(rest[0]) if rest else None
    if digest is None:
        hint = "Write NAME sha256:DIGEST PATTERN …, or have graph-service edit-token write it."
        raise SettingsError("has no digest after the name.", where=where, hint=hint)
    token = Token(editor, digest[1], tuple(rest[1:]))
    if wrong := _wrong(token):
        raise SettingsError(f"{wrong[0]}.", where=where, hint=wrong[1])
    return token


def _wrong(token: Token) -> tuple[str, str] | None:
    """What is wrong with a token, and how to repair it."""
    if not _NAME.fullmatch(token.editor) or len(token.editor) > _LONGEST_NAME:
        hint = f"Use a to z, 0 to 9 and hyphens, at most {_LONGEST_NAME}; it is published, so no name of a person."
        return f"{token.editor[:80]!r} cannot be the name of an editor", hint
    if not token.files:
        return "The token may write no file", "Add a pattern, such as documents/*, or * for all files."
    odd = next((one for one in token.files if one.startswith(("/", ".")) or " " in one or not one.isprintable()), "")
    if odd:
        return f"{odd[:80]!r} is no pattern of files", "Patterns count from the directory of data, such as documents/*."
    return None
