"""A publisher's colours and logo: checked, and made files that pages name.

Colours follow WCAG 2.2, success criterion 1.4.3: text of the accent has a contrast of at least 4.5 : 1 with every
ground of the style sheet, in the light and in the dark scheme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from graph_service.errors import SettingsError

# Content and media type of files below `/static/`, by name.
Files: TypeAlias = Mapping[str, tuple[bytes, str]]

SHEET = "publisher.css"
MOST_BYTES = 100_000
_LEAST_CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_GROUNDS = re.compile(r"--(?:paper|raised): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)")
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
# What runs, or holds what may run.
_ACTIVE = {f"{_SVG}{name}" for name in ("script", "foreignObject", "iframe", "handler", "listener")}
_XHTML = "{http://www.w3.org/1999/xhtml}"
# Attributes that name a file or a page. What CSS writes with a backslash may be any word.
_LINKS = ("href", "src", "base")
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)|@import|image-set\(|\\", re.IGNORECASE)


def files(accent: str, accent_dark: str, logo: Path | None) -> Files:
    """The files that a publisher's settings give: a style sheet of colours, a logo.

    Raises:
        SettingsError: a colour is none or too faint, or the logo cannot be used.
    """
    found: dict[str, tuple[bytes, str]] = {}
    if accent_dark and not accent:
        raise SettingsError("accent_dark has no accent beside it.", hint='Write accent = "#0b3d6e" as well.')
    if accent:
        check_accent(accent)
        dark = accent_dark or _lightened(accent)
        check_accent_dark(dark)
        colour = f"light-dark({accent}, {dark})"
        found[SHEET] = f":root {{ --accent: {colour}; --link: {colour}; }}\n".encode(), "text/css"
    if logo is not None:
        content, suffix, type_ = read_logo(logo)
        found[f"publisher-logo{suffix}"] = content, type_
    return found


def check_accent(colour: str) -> None:
    """See that text of a colour can be read on light ground; raises what `files` raises."""
    _check(colour, _grounds(0), "light", "darker")


def check_accent_dark(colour: str) -> None:
    """The same on dark ground."""
    _check(colour, _grounds(1), "dark", "lighter")


def read_logo(path: Path) -> tuple[bytes, str, str]:
    """Content, suffix and media type of a logo.

    Raises:
        SettingsError: it is not there, too large, neither SVG nor PNG, or an SVG that runs or loads something.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", hint="Name an SVG or PNG file.") from None
    if content is None:
        raise SettingsError(f"{path} is larger than {MOST_BYTES // 1000} kB.", hint="Make it smaller.")
    if content.startswith(_PNG):
        return content, ".png", "image/png"
    _check_svg(path, content)
    return content, ".svg", "image/svg+xml"


def _check_svg(path: Path, content: bytes) -> None:
    from lxml import etree  # takes longer to load than most commands run

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise SettingsError(f"{path} is neither PNG nor SVG: {error.msg}.", hint="Name an SVG or PNG file.") from None
    hint = "Export it as plain SVG."
    if root.tag != f"{_SVG}svg" or root.getroottree().docinfo.doctype:
        raise SettingsError(f"{path} is no SVG without a document type.", hint=hint)
    for element in (*root.itersiblings(preceding=True), *root.iter()):
        where = f"{path}:{element.sourceline}"
        if element.tag is etree.Comment:
            continue
        if not isinstance(element.tag, str) or element.tag in _ACTIVE or element.tag.startswith(_XHTML):
            raise SettingsError(f"{where}: {_name(element)} runs or loads something.", hint=hint)
        if name := next((name for name, value in element.attrib.items() if _leads(str(name), str(value))), None):
            raise SettingsError(f"{where}: {etree.QName(name).localname} runs or loads something.", hint=hint)
        if _ELSEWHERE.search("".join(element.itertext())) and element.tag == f"{_SVG}style":
            raise SettingsError(f"{where}: a style loads something.", hint=hint)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else str(element.target)


def _leads(name: str, value: str) -> bool:
    """Whether an attribute runs something, or names what is not in the file."""
    space, _, local = name.lower().rpartition("}")
    if local == "attributename":
        return value.rpartition(":")[2].strip().lower() in _LINKS
    link = local in _LINKS and not value.startswith(("#", "data:image/"))
    return local.startswith("on") or link or (not space and _ELSEWHERE.search(value) is not None)


def _grounds(scheme: int) -> Sequence[str]:
    """The grounds of the style sheet: 0 for the light scheme, 1 for the dark one."""
    sheet = (Path(__file__).parent / "static" / "site.css").read_text(encoding="utf-8")
    return [colours[scheme] for colours in _GROUNDS.findall(sheet)]


def _check(colour: str, grounds: Sequence[str], scheme: str, change: str) -> None:
    if not _COLOUR.fullmatch(colour):
        raise SettingsError(f"{colour!r} is no colour.", hint="Write it so: #0b3d6e")
    ground = min(grounds, key=lambda one: contrast(colour, one))
    found = contrast(colour, ground)
    if found < _LEAST_CONTRAST:
        message = f"{colour} has a contrast of {found:.1f} : 1 with the {scheme} ground {ground}."
        raise SettingsError(message, hint=f"Take a {change} one: text needs {_LEAST_CONTRAST} : 1.")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, ...]:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    return tuple(bytes.fromhex(digits))


def _lightened(colour: str) -> str:
    """A colour mixed with white until it can be read on dark ground."""
    for white in range(0, 101, 5):
        mixed = "#" + "".join(f"{part + (255 - part) * white // 100:02x}" for part in _parts(colour))
        if all(contrast(mixed, ground) >= _LEAST_CONTRAST for ground in _grounds(1)):
            return mixed
    return "#ffffff"
