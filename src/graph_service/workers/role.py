"""Roles: the kinds of work that the workers of one keeper do."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Write: TypeAlias = Callable[[bytes], object]
# Makes the answer to a request: takes its bytes, and a function that sends bytes on and blocks while nobody reads.
# Raises QueryError, as long as less than `wire.PIECE_BYTES` bytes were written.
Work: TypeAlias = Callable[[bytes, Write], None]


@dataclass(frozen=True)
class Role:
    """A kind of work.

    Attributes:
        name: for those who ask for such work.
        work: what is done.
        stack_bytes: stack of the thread that works; address space, only the used part becomes memory.
        sealed: whether its workers can open no file and no connection; for work on what strangers write.
        readable: the directory below which sealed workers can still read files.
        libraries: modules that work may load when it needs them. Once a worker that ends has loaded one of them, the
            keeper loads them all, so that the next workers share them.
    """

    name: str
    work: Work
    stack_bytes: int
    sealed: bool = True
    readable: Path | None = None
    libraries: tuple[str, ...] = ()

    def has_loaded(self) -> bool:
        """Whether this process has one of the libraries."""
        return any(name in sys.modules for name in self.libraries)

    def load(self) -> None:
        """Load the libraries, which must start no threads."""
        for name in self.libraries:
            importlib.import_module(name)


# Called once in the keeper, with the arguments of its order. Workers of a role are forked as soon as it is there, so
# that later roles keep nobody waiting. What is loaded before a role is shared by its workers.
Roles: TypeAlias = Callable[[Mapping[str, Any]], Iterator[Role]]


def roles(name: str, arguments: Mapping[str, Any]) -> Iterator[Role]:
    """The roles that `module:function` makes."""
    module, _, function = name.partition(":")
    make: Roles = getattr(importlib.import_module(module), function)
    return make(arguments)
