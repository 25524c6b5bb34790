"""Values of cells as text."""

from __future__ import annotations

import datetime
from typing import Any

# Python reads no more than 4,300 digits, and no paper or parliament needs more than these.
_MOST_DIGITS = 9


def as_text(value: Any) -> str:
    """A cell as text: days without their midnight, whole numbers without a point, lists with semicolons.

    Raises:
        ValueError: it is an object, or a list that holds one.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, list):
        return "; ".join(as_text(part) for part in value)
    if isinstance(value, dict):
        raise ValueError("an object inside of a list")
    return str(value)


def whole_number(cell: str) -> int | None:
    """The whole number that a cell holds, of at most nine digits; None if it holds anything else."""
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= _MOST_DIGITS else None
