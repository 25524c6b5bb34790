"""Signs and numbers in front of the items of a list."""

from __future__ import annotations

import re

BULLETS = "•‣◦▪▫■□●○◆◇►▸➢➤✓✔–—·*-"
_NUMBER = r"\d{1,3}[.)]|\(\d{1,3}\)|\(?[a-zA-Z]\)|[ivxIVX]{1,5}[.)]"
# The sign, the number, or both ("- 1. "), with blanks behind.
MARKER = re.compile(rf"\s*((?:[{re.escape(BULLETS)}](?:\s+(?:{_NUMBER}))?|{_NUMBER}))\s+(?=\S)")
_COUNTED = re.compile(r"(\d{1,3})[.)]$|\((\d{1,3})\)$")


def number_of(marker: str) -> int:
    """The number of a marker such as `3.` or `(3)`, 0 for a sign or a letter."""
    found = _COUNTED.search(marker)
    return int(found.group(1) or found.group(2)) if found else 0
