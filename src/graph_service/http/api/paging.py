"""Keyset paging: the limit, and a cursor for where the previous page ended."""

from __future__ import annotations

import base64
import binascii
import json

from graph_service.errors import ParameterError

MOST = 1000
FEW = 50


def limit_of(text: str) -> int:
    """The length of a page.

    Raises:
        ParameterError: it is out of bounds.
    """
    limit = int(text)
    if not 1 <= limit <= MOST:
        raise ParameterError(f"limit={text[:20]} is not between 1 and {MOST}.", hint="Follow the next links for more.")
    return limit


def encoded(key: str, item: str) -> str:
    """A cursor: opaque, and safe in an address."""
    return base64.urlsafe_b64encode(json.dumps([key, item], ensure_ascii=False).encode()).decode().rstrip("=")


def cursor_of(text: str) -> tuple[str, str] | None:
    """What a cursor says.

    Raises:
        ParameterError: it is none of ours.
    """
    if not text:
        return None
    try:
        key, item = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(key, str) and isinstance(item, str):
            f"{key}{item}".encode()
            return key, item
    except (binascii.Error, ValueError, TypeError):
        pass
    raise ParameterError(f"after={text[:40]!r} is no cursor.", hint="Take it from the next link of a page.")
