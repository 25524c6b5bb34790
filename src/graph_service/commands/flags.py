"""What commands share: flags made from the fields of the settings, options of formats, messages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import click

from graph_service.errors import ParameterError
from graph_service.settings import BuildSettings, ServeSettings

Command = TypeVar("Command", bound=Callable[..., Any])
Settings = TypeVar("Settings")


# Where the settings of a file stand in the context of a command.
FROM_FILE = "graph_service.settings"


class _SettingOption(click.Option):
    """An option whose default is what a file of settings says."""

    def get_default(self, ctx: click.Context, call: bool = True) -> Any:
        """That of the file, else that of the field."""
        from_file: Mapping[str, Any] = ctx.meta.get(FROM_FILE, {})
        return from_file[self.name] if self.name in from_file else super().get_default(ctx, call)


def _click_type(setting: dataclasses.Field[Any], hint: Any) -> Any:
    """The click type of a field, or of one of its values where it takes many."""
    if setting.metadata["choices"]:
        return click.Choice(setting.metadata["choices"])
    if "Path" in str(hint):
        return click.Path(path_type=Path)
    return str if isinstance(setting.default, tuple) else hint


def settings_of(
    kind: type[BuildSettings] | type[ServeSettings], only: Collection[str] = ()
) -> Callable[[Command], Command]:
    """A decorator that gives a command one flag and one environment variable for each field of the settings.

    Args:
        kind: the settings.
        only: names of the fields that get one; all if empty.
    """
    hints = get_type_hints(kind)
    chosen = [setting for setting in dataclasses.fields(kind) if not only or setting.name in only]

    def decorate(command: Command) -> Command:
        for setting in reversed(chosen):
            flag = setting.name.replace("_", "-")
            is_switch = hints[setting.name] is bool
            many = isinstance(setting.default, tuple)
            command = click.option(
                f"--{flag}/--no-{flag}" if is_switch else f"--{flag}",
                setting.name,
                cls=_SettingOption,
                type=None if is_switch else _click_type(setting, hints[setting.name]),
                multiple=many,
                default=setting.default,
                show_default=setting.default not in (None, (), ""),
                envvar=f"GRAPH_SERVICE_{setting.name.upper()}",
                show_envvar=True,
                help=setting.metadata["help"],
            )(command)
        return command

    return decorate


def taken_from(given: dict[str, Any], kind: type[Settings]) -> Settings:
    """The settings among the arguments of a command."""
    return kind(**{field.name: given[field.name] for field in dataclasses.fields(kind)})  # type: ignore[arg-type]


def pages_of_file() -> Path | None:
    """The `pages` of the file of settings, for commands that have no such flag; None for none."""
    found = click.get_current_context().meta.get(FROM_FILE, {}).get("pages")
    return Path(found) if found is not None else None


def format_option(names: Iterable[str], text: str, parameter: str = "form") -> Callable[[Command], Command]:
    """The option `--format` of one of these names, the first by default."""
    choices = list(names)
    return click.option(
        "-f", "--format", parameter, type=click.Choice(choices), default=choices[0], show_default=True, help=text
    )


def say(text: str) -> None:
    """Progress and errors go to standard error, answers to standard output."""
    click.echo(text, err=True)


def pairs(texts: Iterable[str], *, thing: str = "pair", form: str = "COLUMN=VALUE") -> dict[str, list[str]]:
    """Values by name from texts such as `issue=asylum`; a name may be given more than once.

    Raises:
        ParameterError: a text has no equals sign; it is called a `thing` there, to be written in this form.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ParameterError(f"{text!r} is not a {thing}.", hint=f"Write {form}.")
        found.setdefault(name, []).append(value)
    return found
