"""Why an edit is refused, as the process that edits tells it to the one that serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph_service.errors import Finding, FindingsError, GraphServiceError

MOST = 100
"""Findings that are told, and lines of what else a build or an import says."""
_LONGEST = 2000


class EditRefused(GraphServiceError):
    """An edit was refused; nothing was changed.

    Args:
        status: of HTTP.
        message: what is wrong, one sentence.
        hint: how to repair it.
        members: further members of the problem document.
    """

    def __init__(self, status: int, message: str, hint: str = "", **members: Any) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.members = members

    def encode(self) -> dict[str, Any]:
        """As JSON."""
        return {"status": self.status, "message": self.message, "hint": self.hint, "members": self.members}


def of(error: GraphServiceError, roots: Sequence[Path]) -> EditRefused:
    """The refusal of what cannot be read or breaks a rule: 422 with its findings.

    Args:
        error: what a build or an import says.
        roots: directories whose names stay inside.
    """
    if isinstance(error, EditRefused):
        return error
    details = error.details if isinstance(error, FindingsError) else [Finding(str(error), error.where)]
    findings = [_written(one, error.hint, roots) for one in details[:MOST]]
    more = {"more": len(details) - MOST} if len(details) > MOST else {}
    message, hint = (short(_without(text, roots)) for text in (error.message, error.hint))
    return EditRefused(422, message, hint, findings=findings, **more)


def _written(one: Finding, hint: str, roots: Iterable[Path]) -> Mapping[str, Any]:
    """A finding with its parts; the message of a shape is the fault, then the hint."""
    fault, _, repair = one.message.partition(". ")
    where = one.where
    parts: dict[str, Any] = {
        "text": _without(one.text, roots),
        "file": _without(str(where.path), roots) if where and where.path else "",
        "line": where.line if where else 0,
        "column": where.column if where else 0,
        "subject": one.subject,
        "shape": one.rule,
        "message": f"{fault}." if repair else fault,
        "hint": repair or _without(hint, roots),
    }
    return {name: short(value) if isinstance(value, str) else value for name, value in parts.items() if value}


def short(text: str) -> str:
    """A text as it is told: at most 2,000 characters."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def lines(told: Sequence[str]) -> list[str]:
    """What is told of many lines: the first hundred, and how many more there are."""
    more = [f"… and {len(told) - MOST} more"] if len(told) > MOST else []
    return [*map(short, told[:MOST]), *more]


def _without(text: str, roots: Iterable[Path]) -> str:
    """A text without the directories in which files lie, and with what a client sends instead of a flag."""
    for root in roots:
        text = text.replace(f"{root}/", "") if root.is_absolute() else text.removeprefix(f"{root}/")
    return text.replace("give --accept-new", "send accept-new=true")
