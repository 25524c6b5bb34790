"""JSON files and lines that hold their own digest, so that an altered one is never taken for a whole one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SEAL = "sha256"
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def sealed(content: Mapping[str, Any]) -> str:
    """The text of a file: the content with its digest as a further member, one line for each entry of a member."""
    members = sorted({**content, _SEAL: _digest(content)}.items())
    return "{\n" + ",\n".join(f"  {_WRITER.encode(name)}: {_written(value)}" for name, value in members) + "\n}\n"


def _written(value: Any) -> str:
    # An indent of the library's own is written by Python, which takes 0.2 s for the manifest of a thousand files.
    if value and isinstance(value, Mapping):
        entries = (f"{_WRITER.encode(name)}: {_WRITER.encode(entry)}" for name, entry in sorted(value.items()))
        return "{\n    " + ",\n    ".join(entries) + "\n  }"
    if value and isinstance(value, (list, tuple)):
        return "[\n    " + ",\n    ".join(map(_WRITER.encode, value)) + "\n  ]"
    return _WRITER.encode(value)


def sealed_line(content: Mapping[str, Any]) -> str:
    """The same on one line."""
    return json.dumps({**content, _SEAL: _digest(content)}, ensure_ascii=False) + "\n"


def read(path: Path, *, or_open: bool = False) -> dict[str, Any]:
    """The content of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: as of `opened`.
    """
    try:
        return opened(path.read_text(encoding="utf-8"), or_open=or_open)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def opened(text: str, *, or_open: bool = False) -> dict[str, Any]:
    """The content of a text that `sealed` or `sealed_line` made.

    Args:
        text: the file or line.
        or_open: take one without a digest as it is; earlier versions wrote such files and lines.

    Raises:
        ValueError: it is no JSON object, or not what its digest says.
    """
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise ValueError("this is nested too deeply") from error
    if not isinstance(content, dict):
        raise ValueError("this is no JSON object")
    expected = content.pop(_SEAL, None)
    if expected != _digest(content) and not (or_open and expected is None):
        raise ValueError("this is not what its digest says")
    return content


def is_intact(content: Mapping[str, Any]) -> bool:
    """Whether content that has a digest of itself is what it says."""
    return content.get(_SEAL) == _digest({name: value for name, value in content.items() if name != _SEAL})


def _digest(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
