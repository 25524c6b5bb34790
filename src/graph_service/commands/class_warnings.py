"""Warnings of classes that `pages.toml` gives a page and the data do not have: data may come later, or a name is wrong.

The classes are looked for in the bytes of `quads.nq`, so nothing is loaded: a class that is there is found at its
first instance. Only where one is missing are the others gathered, for the hint.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from graph_service.errors import Location
from graph_service.rdf.namespaces import RDF, Names

_TYPE = f" <{RDF}type> ".encode()
_CLASS = re.compile(re.escape(_TYPE) + rb"<([^<>]+)> ")
# Bytes of the quads that are read for a hint, and classes that are compared with a name.
_MOST_BYTES, _MOST_CLASSES = 64 * 1024 * 1024, 10_000


def warn_of_classes(pages: Path | None, snapshot: Path, names: Names, warn: Callable[[str], object]) -> None:
    """Say which classes of `[classes]` have no instance in a snapshot.

    Args:
        pages: the file of the menu and of words, None for none.
        snapshot: its directory.
        names: of its data.
        warn: called once for each such class, with file, line, class and a hint.

    Raises:
        SettingsError: the file does not exist.
        SourceError: it is not TOML, or `[classes]` says something that it cannot say.
    """
    if pages is None:
        return
    # Their models and templates take longer to load than most commands run.
    from graph_service.catalogue.parameters import did_you_mean
    from graph_service.http.web import site
    from graph_service.snapshots.snapshot import QUADS

    classes = site.classes_of(pages)
    quads = snapshot / QUADS
    missing = _missing({one: names.expand(one) for one in classes}, quads)
    if not missing:
        return
    text = pages.read_text(encoding="utf-8-sig")
    there = {names.shorten(one): one for one in _classes(quads)}
    known = {*there, *there.values()}
    for one in missing:
        hint = did_you_mean(one, known) or "/things lists the classes of the data."
        where = Location(pages, _line(text, one))
        warn(f"warning: {where}: [classes]: the data have no thing of the class {one}. {hint}")


def _missing(classes: Mapping[str, str], path: Path) -> list[str]:
    """Those names whose IRI is the class of nothing."""
    if not classes or not path.stat().st_size:
        return list(classes)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as quads:
        return [name for name, iri in classes.items() if quads.find(_TYPE + f"<{iri}> ".encode()) < 0]


def _classes(path: Path) -> list[str]:
    """Classes that have instances, as far as the first part of the file names them, sorted."""
    found: set[str] = set()
    read = 0
    with path.open("rb") as lines:
        for line in lines:
            read += len(line)
            if read > _MOST_BYTES or len(found) >= _MOST_CLASSES:
                break
            if match := _CLASS.search(line):
                found.add(match[1].decode())
    return sorted(found)


def _line(text: str, name: str) -> int:
    """The line on which a class stands below `[classes]`, 0 if it is written in a way that is not found."""
    below = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("["):
            below = line.strip().startswith("[classes]")
        elif below and line.partition("=")[0].strip().strip("\"'") == name:
            return number
    return 0
