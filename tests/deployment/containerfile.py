"""A container file as instructions, stage by stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Stage:
    """One stage: its name, what it is made from, and its instructions in order."""

    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> Iterator[str]:
        """What stands behind each instruction of a kind."""
        return (rest for kind, rest in self.steps if kind == instruction)

    def last(self, instruction: str) -> str:
        """What stands behind the last one, which is the one that counts; empty if there is none."""
        return next(reversed([*self.all(instruction)]), "")


def read(path: Path) -> list[Stage]:
    """The stages of a file."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(name, re.sub(r"\$\{(\w+)\}", lambda found: arguments[found[1]], base)))
        elif kind == "ARG" and not stages:
            variable, _, value = rest.partition("=")
            arguments[variable] = value
        elif kind:
            stages[-1].steps.append((kind, rest.strip()))
    return stages
