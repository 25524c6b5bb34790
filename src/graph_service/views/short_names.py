"""Names that fit into little room: long ones lose their middle, and none comes to look like another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key")
_GAP = "…"


def shortened(names: Mapping[Key, str], most: int) -> dict[Key, str]:
    """The names, each of at most `most` characters, with an ellipsis where characters are missing.

    Beginning and end stay, since organisations of one kind begin alike. Where two would look the same, the gap moves;
    a name for which no place of the gap helps stays whole.

    Args:
        names: by whatever they name; two that are the same stay the same.
        most: at least 3.
    """
    found: dict[Key, str] = {}
    short: dict[str, str] = {name: name for name in names.values() if len(name) <= most}
    taken = set(short)
    for key, name in names.items():
        if name not in short:
            short[name] = next((one for one in _cuts(name, most) if one not in taken), name)
            taken.add(short[name])
        found[key] = short[name]
    return found


def _cuts(name: str, most: int) -> Iterator[str]:
    """The name with a gap at each place: first where a word begins behind it, nearest to two thirds of its room."""
    room = most - len(_GAP)

    def cost(head: int) -> tuple[bool, int]:
        tail = len(name) - room + head
        return not (name[tail - 1].isspace() and 3 * head >= room), abs(3 * head - 2 * room)

    for head in sorted(range(1, room), key=cost):
        yield f"{name[:head].rstrip()}{_GAP}{name[len(name) - room + head :].lstrip()}"
