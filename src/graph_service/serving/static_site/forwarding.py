"""Names on a host of files without rules, such as GitHub Pages: a `404.html` whose script leads a name to its file.

GitHub Pages answers a path without a file by `404.html`, with status 404. The script (`static/forward.js`) does what
the rules in `hosting` do; for names whose files do not lie at their own path it reads one part of a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from graph_service.http import web

# A hundred thousand names elsewhere make parts of some 40 kB.
_PARTS = 256


def files(
    root: str, elsewhere: Iterable[tuple[str, str]], graphs: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Path and text of each file.

    Args:
        root: path below which the site will lie, without a slash at the end.
        elsewhere: names whose files lie elsewhere, as of `SitePlaces.odd_names`.
        graphs: names of named graphs below the base, with their files.
    """
    first, *_ = web.LANGUAGES
    spoken = {language: web.words(language) for language in web.LANGUAGES}
    page = web.render("forward", first, root=root, parts=_PARTS, spoken=spoken)
    yield "404.html", page.decode()
    parts: dict[int, dict[str, str]] = {}
    pages = ((name, f"page/{file}.{{language}}.html") for name, file in elsewhere)
    for name, file in (*pages, *graphs):
        path, mark, query = name.partition("?")
        plain = f"{unquote(path)}{mark}{unquote(query)}"
        parts.setdefault(part_of(plain), {})[plain] = file
    for number, names in sorted(parts.items()):
        yield f"forward/{number}.json", json.dumps(names, ensure_ascii=False, sort_keys=True, indent=0) + "\n"


def part_of(name: str) -> int:
    """The number of the part of the table that has a name, as `partOf` in `forward.js` computes it."""
    number = 0
    for byte in name.encode():
        number = (number * 31 + byte) % _PARTS
    return number
