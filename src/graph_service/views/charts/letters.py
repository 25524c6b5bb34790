"""How wide a text is at most, without knowing the font that a reader's machine has.

Widths are those of DejaVu Sans, one of the widest fonts that browsers take for `sans-serif`; a bold letter is a tenth
wider. A text that fits by these figures fits in Source Sans 3, Arial, Segoe UI and Roboto.
"""

from __future__ import annotations

from collections.abc import Sequence

_EM = {
    **dict.fromkeys("ijlI.,:;'|!()[] ", 0.4),
    **dict.fromkeys('frt-/"\u00b7', 0.46),
    **dict.fromkeys("csvxyzkJ?", 0.6),
    **dict.fromkeys("wmMW@%\u2014\u2026&", 1.0),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ\u00c4\u00d6\u00dc", 0.78),
    **dict.fromkeys("+\u2212\u00b1\u2260=\u2192", 0.84),
    **dict.fromkeys("\u2010\u2011\u2013\u2018\u2019\u201a\u201c\u201d\u201e", 0.55),
}
_OTHER = 0.64
# From Hangul on letters are as wide as high.
_WIDE_FROM = "\u1100"
_BOLD = 1.1


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text at a size of letters, in the unit of that size."""
    ems = sum(_EM.get(letter, _OTHER if letter < _WIDE_FROM else 1.0) for letter in text)
    return ems * size * (_BOLD if bold else 1)


def shortened(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """A text with an ellipsis for what does not fit."""
    if width_of(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and width_of(f"{kept}\u2026", size, bold=bold) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}\u2026"


def wrapped(text: str, size: float, width: float, most: int) -> Sequence[str]:
    """A text in lines of a width, broken at spaces and hyphens; the last of `most` lines is shortened."""
    lines = [""]
    for word in text.replace("-", "-\u200b").replace(" ", " \u200b").split("\u200b"):
        if not lines[-1] or width_of((lines[-1] + word).rstrip(), size) <= width:
            lines[-1] += word
        else:
            lines.append(word)
    kept = [line.rstrip() for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = "".join(lines[most - 1 :]).rstrip()
    return [shortened(line, size, width) for line in kept]
