"""`graph-service paper`: from a file to positions in the graph, one step a command.

Each step is a module `paper_STEP.py` with a click command named after the step; it is loaded when it is called.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, TypeVar

import click

from graph_service import commands
from graph_service.errors import SettingsError

Command = TypeVar("Command", bound=Callable[..., Any])
_PREFIX = "paper_"
DEFAULT_CODER = "coder-1"
# One module of each library of the extra `papers`.
_LIBRARIES = ("httpx2", "pypdfium2", "rapidfuzz", "sentencex", "trafilatura")


class _Steps(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (module.name for module in iter_modules(commands.__path__))
        return sorted(name.removeprefix(_PREFIX).replace("_", "-") for name in names if name.startswith(_PREFIX))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        _require_libraries()
        name = cmd_name.replace("-", "_")
        step = vars(import_module(f"{commands.__name__}.{_PREFIX}{name}"))
        command: click.Command = step[f"{name}_" if keyword.iskeyword(name) else name]
        return command


def _require_libraries() -> None:
    if missing := [name for name in _LIBRARIES if find_spec(name) is None]:
        hint = "Install them: pip install 'graph-service[papers]'."
        raise SettingsError(f"Papers need libraries that are not installed ({', '.join(missing)}).", hint=hint)


@click.group(cls=_Steps)
def paper() -> None:
    """Read a position paper, draft and review its positions, bring them into the graph."""


def papers_option(command: Command) -> Command:
    """The option `--papers`, the curator's directory of texts and drafts, as the argument `papers`."""
    return click.option(
        "--papers",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("papers"),
        show_default=True,
        envvar="GRAPH_SERVICE_PAPERS",
        show_envvar=True,
        help="Your directory of texts and drafts.",
    )(command)


def next_step(verb: str, name: str, coder: str) -> str:
    """The command that comes next, as a coder types it."""
    return f"graph-service paper {verb} {name}" + ("" if coder == DEFAULT_CODER else f" --coder {coder}")


def coder_option(command: Command) -> Command:
    """The option `--coder`, whose draft, as the argument `coder`."""
    return click.option(
        "--coder", default=DEFAULT_CODER, show_default=True, help="Whose draft; a short name, never that of a person."
    )(command)
