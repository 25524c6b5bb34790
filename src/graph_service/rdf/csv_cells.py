"""Cells of CSV that a spreadsheet does not run.

A spreadsheet runs a text that begins like a formula, so such a text gets an apostrophe in front, the spreadsheets' own
mark of a text (OWASP, CSV Injection). Numbers stay numbers, negative ones as well.
"""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> object:
    """A value as a CSV cell: a guarded text, `true` or `false`, a number, or the empty text for None."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
