"""The files of the data set for people: what each is for, how large it is, how to load it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from graph_service.http.web import addresses
from graph_service.http.web.forwarding import PUBLISHED
from graph_service.pages.visit import PageContent, Visit
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.publication import read_figures

PATH = addresses.DUMPS
# By media type: its short name in the words of pages, and the commands that load a file of it.
_FORMATS: Mapping[str, tuple[str, str]] = {
    "application/n-quads": ("nquads", "pip install oxigraph\noxigraph load --location store --file graph.nq"),
    "application/trig": (
        "trig",
        "pip install rdflib\npython3 -c \"import rdflib; print(len(rdflib.Dataset().parse('graph.trig')))\"",
    ),
    "application/ld+json": (
        "jsonld",
        "python3 -c \"import json; print(len(json.load(open('graph.jsonld'))))\"",
    ),
}
_UNPACKED: Mapping[str, str] = {"application/gzip": "gunzip", "application/zstd": "unzstd", "": ""}


@dataclass(frozen=True)
class DumpFormat:
    """The files of one format.

    Attributes:
        name: of the format, as words of pages name it.
        files: the files, each with its size in megabytes.
        command: lines that fetch, unpack and load the first of them.
    """

    name: str
    files: Sequence[tuple[Dump, str]]
    command: str


async def dumps(visit: Visit) -> PageContent:
    """The files, those of one format together, and where tables for spreadsheets are."""
    published = read_figures(Path(visit.request.scope[PUBLISHED])).dumps
    ordered = sorted(published, key=lambda one: list(_FORMATS).index(one.media_type))
    formats = [_format(visit, kind, [*files]) for kind, files in groupby(ordered, key=lambda one: one.media_type)]
    counts = {row["kind"]["value"] for row in await visit.rows("counts")}
    tables = [one for one in ("positions", "documents", "actors", "propositions", "votes") if one in counts]
    return PageContent("dumps", {"formats": formats, "tables": tables, "manifest": visit.edition.manifest})


def _format(visit: Visit, media_type: str, files: Sequence[Dump]) -> DumpFormat:
    name, load = _FORMATS[media_type]
    # The smallest that every system can unpack.
    first = min(files, key=lambda one: (one.compression != "application/gzip", one.name))
    fetch = f"curl -O {visit.request.origin}/dump/{first.name}"
    unpack = f"\n{_UNPACKED[first.compression]} {first.name}" if first.compression else ""
    return DumpFormat(name, [(one, _megabytes(one.size, visit.language)) for one in files], f"{fetch}{unpack}\n{load}")


def _megabytes(size: int, language: str) -> str:
    text = f"{size / 1e6:,.1f}" if size >= 1e5 else f"{size / 1e6:.3f}"
    return text.translate({ord(","): ".", ord("."): ","}) if language == "de" else text
