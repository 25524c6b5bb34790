"""`graph-service verify`: certificates and proofs checked against an edition, offline."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from graph_service.building.inputs import query_files
from graph_service.building.pipeline import in_use
from graph_service.commands.flags import say, settings_of
from graph_service.errors import GraphServiceError, SnapshotError, SourceError
from graph_service.explaining.checker import ProofRejected
from graph_service.explaining.verifying import is_proof, verify_proof
from graph_service.http.protocol.certificates import Certificate
from graph_service.serving.replaying import Replay
from graph_service.serving.verifying import State, Verification, verify_certificate
from graph_service.settings import BuildSettings
from graph_service.snapshots import register, retention
from graph_service.snapshots.restoring import restore
from graph_service.snapshots.snapshot import Snapshot, open_snapshot

_STATUS = {State.EQUAL: 0, State.DIFFERENT: 1, State.GONE: 2}
# Rows that are shown; --json has them all.
_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--snapshot", type=click.Path(path_type=Path), help="Directory of a copy of the edition.")
@click.option("--dump", type=click.Path(path_type=Path), help="A dump of the edition: graph.nq, graph.nq.gz or .zst.")
@click.option("--answer", type=click.Path(path_type=Path), help="The answer as it was saved: compare its rows.")
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
@settings_of(BuildSettings, ("snapshots", "queries", "base"))
def verify(
    file: Path, snapshot: Path | None, dump: Path | None, answer: Path | None, as_json: bool, **given: Any
) -> None:
    """Check a certificate, or the JSON of a proof, in FILE against the edition it names.

    Exit status: 0 the answer is equal, or the proof holds; 1 it is different, or the proof does not hold; 2 it could
    not be checked, since the edition is gone or a file cannot be read.
    """
    settings = BuildSettings(**given)
    try:
        if snapshot and dump:
            raise SourceError("--snapshot and --dump exclude each other.")
        content = _content(file)
        with _edition(content, snapshot, dump, settings) as found:
            verification = _verified(content, found, answer, settings)
    except GraphServiceError as error:
        say(f"error: {error}")
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(asdict(verification), indent=1, ensure_ascii=False))
    else:
        _tell(verification)
    sys.exit(_STATUS[verification.state])


def _content(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(f"{file} cannot be read as JSON: {error}.") from None
    if not isinstance(content, dict) or not ("certificate" in content or is_proof(content)):
        raise SourceError(f"{file} is no certificate and no proof.", hint="Get one: ?certificate, or /api/explain.")
    return content


@contextmanager
def _edition(
    content: Mapping[str, Any], snapshot: Path | None, dump: Path | None, settings: BuildSettings
) -> Iterator[Snapshot | str]:
    """The snapshot to ask; else why there is none."""
    digest, base = str(content.get("dataset", "")), settings.base
    if not is_proof(content):
        certified = Certificate.decode(content).edition
        digest, base = certified.digest, certified.base
    if dump is not None:
        with tempfile.TemporaryDirectory(prefix="graph-service-") as directory:
            yield restore(dump, Path(directory), base)
    elif snapshot is not None:
        yield open_snapshot(snapshot)
    elif not digest:
        yield in_use(settings.snapshots)
    else:
        yield _kept(settings.snapshots, digest)


def _kept(root: Path, digest: str) -> Snapshot | str:
    try:
        return retention.find(root, digest)
    except SnapshotError:
        was_there = any(entry.digest == digest for entry in register.read(root))
        what = "was removed" if was_there else "never was here"
        return f"Edition {digest} {what}. Get a copy: --snapshot or --dump."


def _verified(
    content: Mapping[str, Any], found: Snapshot | str, answer: Path | None, settings: BuildSettings
) -> Verification:
    if isinstance(found, str):
        return Verification(State.GONE, [found])
    replay = Replay(found, query_files(settings))
    if not is_proof(content):
        return verify_certificate(content, replay, answer)
    try:
        state, note = State.EQUAL, f"Proved: {verify_proof(content, replay.store, found.manifest.names) or 'false'}"
    except ProofRejected as error:
        state, note = State.DIFFERENT, str(error)
    if content.get("dataset", found.digest) != found.digest:
        return Verification(State.GONE, [f"This is not edition {content['dataset']} but {found.digest}.", note])
    return Verification(state, [note])


def _tell(verification: Verification) -> None:
    click.echo(verification.state.value)
    for note in verification.notes:
        click.echo(f"  {note}")
    for title, rows in (("only saved", verification.only_saved), ("only here", verification.only_here)):
        for row in rows[:_SHOWN]:
            click.echo(f"  {title}: {row}")
        if len(rows) > _SHOWN:
            click.echo(f"  {title}: {len(rows) - _SHOWN} more; --json has them all.")
