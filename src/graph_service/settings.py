"""All settings: each a field here, a command-line flag and a `GRAPH_SERVICE_…` environment variable.

The command line makes its flags from these fields, so a new setting is one new line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

BASE = "https://w3id.org/migration-policy/"


def _setting(default: Any, text: str, *, choices: tuple[str, ...] = ()) -> Any:
    """A field with its default, the sentence that `--help` prints, and what it may be if not anything."""
    return field(default=default, metadata={"help": text, "choices": choices})


@dataclass(frozen=True)
class BuildSettings:
    """What is built, and where to."""

    ontology: tuple[Path, ...] = _setting((), "File or directory of ontology and shapes; default: the shipped one.")
    data: tuple[Path, ...] = _setting((), "File or directory of data, any RDF; default: the shipped one.")
    queries: Path | None = _setting(None, "Directory of query files; default: the shipped one.")
    base: str = _setting(BASE, "Base IRI of the data; graph names and relative IRIs are made from it.")
    namespace: tuple[str, ...] = _setting((), "Further namespace whose names are published, below /ns/ of the service.")
    snapshots: Path = _setting(Path("snapshots"), "Directory of snapshots.")
    keep: int = _setting(0, "Snapshots to keep, the one in use among them; 0 keeps all.")
    reasoner: str = _setting("compiled", "compiled, owlrl or none.")
    blank_nodes: bool = _setting(False, "Keep blank nodes instead of giving them names; only with --reasoner none.")
    language: str = _setting("en", "Language of findings and titles.", choices=("en", "de"))
    validation: bool = _setting(True, "Check shapes and violation queries before reasoning.")

    def encode(self) -> dict[str, Any]:
        """As JSON, for another process."""
        encoded: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return encoded

    @classmethod
    def decode(cls, given: Mapping[str, Any]) -> BuildSettings:
        """What `encode` wrote."""
        found = {**given, **{name: tuple(map(Path, given[name])) for name in ("ontology", "data")}}
        found |= {"namespace": tuple(given["namespace"]), "snapshots": Path(given["snapshots"])}
        found["queries"] = Path(given["queries"]) if given["queries"] is not None else None
        return cls(**found)


@dataclass(frozen=True)
class ServeSettings:
    """How the service listens, and the limits of a query."""

    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(8000, "Port to listen on.")
    endpoint: str = _setting("", "SPARQL endpoint of a store to ask instead; publish --to put the snapshot there.")
    processes: int = _setting(1, "Processes that read requests and answer from the cache; more need Linux.")
    workers: int = _setting(2, "Query workers: how many queries run at once.")
    seconds: float = _setting(10.0, "Time limit of a query.")
    memory_mb: int = _setting(1024, "Memory that one query may use on top of the data, in MiB.")
    data_mb: int = _setting(
        0, "Memory that the data may take, in MiB; what needs more is answered from disk; 0: half of what there is."
    )
    rows: int = _setting(1_000_000, "Rows or triples that one answer may have.")
    megabytes: int = _setting(256, "Size that one answer may have, in MB.")
    query_kb: int = _setting(1024, "Size of a query text, in kB.")
    queue: int = _setting(64, "Queries that may wait for a worker.")
    cache_mb: int = _setting(64, "Size of the cache of answers, in MB; 0 switches it off.")
    trusted_proxies: tuple[str, ...] = _setting((), "Address of a proxy whose X-Forwarded-... fields are believed.")
    log_queries: bool = _setting(False, "Write query texts to the log.")
    licence: str = _setting("", "IRI of the data's licence; default: that of the shipped data, for others none.")
    publisher: str = _setting("", "Name of the publisher, for citations.")
    pages: Path | None = _setting(None, "TOML file of the menu and of words of the pages: menu, [de], [en].")
    templates: Path | None = _setting(None, "Directory of templates for the pages of classes.")
    logo: Path | None = _setting(None, "SVG or PNG file of at most 100 kB, shown beside the title.")
    accent: str = _setting("", "Colour of title and links on light ground, such as #0b3d6e.")
    accent_dark: str = _setting("", "The same on dark ground; default: the accent, as light as it must be.")
    notices: Path | None = _setting(None, "Directory of imprint.de.md, privacy.en.md, corrections.de.md and so on.")
    contact: str = _setting("", "Mail address for corrections.")
    build: bool = _setting(
        True, "Build first if anything changed; a replica that has only snapshots serves what it has."
    )
    edit_tokens: Path | None = _setting(
        None, "File of tokens whose holders may edit over HTTP; without it nobody may. See edit-token."
    )
    edit_kb: int = _setting(10_240, "Size of what is put over HTTP, in kB.")
    edit_seconds: float = _setting(60.0, "Time limit of an edit, once it is its turn.")
    live: bool = _setting(False, "For writing data: build what is saved and have open pages show it.")
    watch: bool = _setting(False, "Take over a new snapshot as soon as it is in use; SIGHUP does so at any time.")
    inspect_minutes: float = _setting(
        15.0, "Minutes between two comparisons of the files in use with their digests; 0: only when they are opened."
    )
    root_path: str = _setting("", "Path under which a proxy serves this, such as /graph.")
    public_url: tuple[str, ...] = _setting(
        (),
        "Address under which clients reach this, such as https://graph.example.org; /mcp answers for these hosts and "
        "this machine's own only.",
    )
