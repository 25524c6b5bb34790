"""Values of cells as text."""

from __future__ import annotations

import datetime
from typing import Any


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
