"""Files that are put into their places in a directory of data: all at once for a build, or none.

Files wait in a hidden directory. One rename makes it `building.locking.ACCEPTED`, which a build reads as if the files
were in their places; then they are moved there. A killed process leaves the one or the other: the next one sweeps what
was not accepted, and moves the rest.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_service.building.locking import ACCEPTED, GONE, exclusive

WORKPLACE = ".importing-"
CHOSEN = "chosen"
"""Below a workplace: what is to be placed. A file below `GONE` there says that the one of its name is removed."""


@contextmanager
def workplace(into: Path) -> Iterator[Path]:
    """A hidden directory below the one written into; first, what killed processes left there is finished or swept."""
    into.mkdir(parents=True, exist_ok=True)
    with exclusive(into):
        _place_accepted(into)
        for left in into.glob(f"{WORKPLACE}*"):
            _sweep(left)
        directory = Path(tempfile.mkdtemp(prefix=WORKPLACE, dir=into))
        in_use = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(in_use, fcntl.LOCK_EX)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        os.close(in_use)


@contextmanager
def placed(into: Path, workplace: Path, ready: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Place what is chosen; if that fails, or what is done within, everything is as it was.

    Args:
        into: the directory of data. Nobody else places files there meanwhile.
        workplace: has the chosen files.
        ready: called before anything is placed; may raise.

    Raises:
        OSError: a file cannot be moved.
    """
    chosen = workplace / CHOSEN
    names = [path.relative_to(chosen) for path in sorted(chosen.rglob("*")) if path.is_file()]
    with exclusive(into):
        _place_accepted(into)
        ready()
        for name in names:
            _keep(into, name.relative_to(GONE) if name.parts[0] == GONE else name, workplace / "old")
        chosen.rename(into / ACCEPTED)
        try:
            _place_accepted(into)
            yield
        except BaseException:
            if (into / ACCEPTED).exists():
                (into / ACCEPTED).rename(workplace / "withdrawn")
            (workplace / "old").rename(into / ACCEPTED)
            _place_accepted(into)
            raise


def _keep(into: Path, name: Path, old: Path) -> None:
    """Keep a copy of what stands in a place, or that it is free."""
    stands = (into / name).exists()
    kept = old / name if stands else old / GONE / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    if stands:
        shutil.copyfile(into / name, kept)
    else:
        kept.touch()


def _sweep(left: Path) -> None:
    """Remove the directory of a process that runs no more."""
    try:
        descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _place_accepted(into: Path) -> None:
    """Move accepted files into their places, and remove those whose removal is accepted."""
    accepted = into / ACCEPTED
    for waiting in sorted(path for path in accepted.rglob("*") if path.is_file()):
        name = waiting.relative_to(accepted)
        if name.parts[0] == GONE:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                (into / name.relative_to(GONE)).unlink()
            continue
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        waiting.replace(into / name)
    shutil.rmtree(accepted, ignore_errors=True)
