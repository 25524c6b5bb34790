"""Characters that only set type: ligatures, soft hyphens, signs without width, blanks of all kinds."""

from __future__ import annotations

import re
import unicodedata

from graph_service.reading.file_content import Removals

SOFT_HYPHEN = "\u00ad"
_LIGATURES = re.compile("[\ufb00-\ufb06]")
# Signs without width and controls; the joiners U+200C and U+200D matter in words of some languages and stay.
_INVISIBLE = re.compile(
    "[\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_BLANKS = re.compile(r"\s+")


def clean(text: str, removals: Removals, page: int = 0) -> str:
    """The same words, ligatures as letters, without soft hyphens and signs without width, one blank between words."""
    if found := _LIGATURES.findall(text):
        removals.add("ligature", "".join(sorted(set(found))), page, len(found))
        text = _LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    if count := text.count(SOFT_HYPHEN):
        removals.add("soft-hyphen", SOFT_HYPHEN, page, count)
        text = text.replace(SOFT_HYPHEN, "")
    if found := _INVISIBLE.findall(text):
        removals.add("invisible", " ".join(sorted({f"U+{ord(sign):04X}" for sign in found})), page, len(found))
        text = _INVISIBLE.sub("", text)
    return _BLANKS.sub(" ", text).strip()
