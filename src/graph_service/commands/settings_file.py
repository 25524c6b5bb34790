"""A file of settings (`graph-service.toml`, TOML 1.0): what stands there need not be said at each command.

Its keys are the fields of `settings`, with `_` or `-`. Paths count from the directory of the file. A flag goes
before an environment variable, and that before the file.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from graph_service.errors import Location, SettingsError, SourceError
from graph_service.settings import BuildSettings, ServeSettings

NAME = "graph-service.toml"
# The function of `http.web.looks` that checks a value, by its name.
_CHECKED = {"accent": "check_accent", "accent_dark": "check_accent_dark", "logo": "read_logo"}
# By the type of a field: what a value in the file may be, and how to write it.
_FORMS: Mapping[type, tuple[tuple[type, ...], str]] = {
    Path: ((str,), '"a/path"'),
    str: ((str,), '"a text"'),
    int: ((int,), "8000"),
    float: ((int, float), "2.5"),
    bool: ((bool,), "true"),
}


def read(path: Path) -> dict[str, Any]:
    """The settings of a file by name of the field, as click takes defaults.

    Raises:
        SettingsError: the file does not exist.
        SourceError: it is not TOML, or a setting is unknown or has a value that it cannot have; with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist.", hint=f"graph-service init makes a {NAME}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"cannot be read: {error}.", where=Location(path)) from None
    fields = {field.name: field for kind in (BuildSettings, ServeSettings) for field in dataclasses.fields(kind)}
    hints = {**get_type_hints(BuildSettings), **get_type_hints(ServeSettings)}
    found = {}
    for key, value in content.items():
        name, where = key.replace("-", "_"), Location(path, _line(text, key))
        if name not in fields:
            # Imported on demand: its models take longer to load than the command line.
            from graph_service.catalogue.parameters import did_you_mean

            hint = did_you_mean(name, fields) or "graph-service serve --help lists them all."
            raise SourceError(f"{key} is no setting.", where=where, hint=hint)
        found[name] = _value(key, value, fields[name], hints[name], where)
    return found


def _value(key: str, value: Any, field: dataclasses.Field[Any], hint: Any, where: Location) -> Any:
    """The value of a field, paths below the directory of the file.

    Raises:
        SourceError: the field cannot have it.
    """
    kind = hint if hint in _FORMS else next(one for one in get_args(hint) if one in _FORMS)
    types, example = _FORMS[kind]
    many = isinstance(field.default, tuple)
    values = value if many and isinstance(value, list) else [value]
    if not all(type(one) in types for one in values):
        hint = f"Write it so: {key} = {f'[{example}]' if many else example}"
        raise SourceError(f"{key} cannot be {value!r}.", where=where, hint=hint)
    choices = field.metadata["choices"]
    if choices and value not in choices:
        raise SourceError(f"{key} cannot be {value!r}.", where=where, hint=f"Choose {' or '.join(choices)}.")
    if kind is Path and where.path:
        values = [where.path.parent / one for one in values]
    if field.name in _CHECKED:
        _check_look(field.name, values[0], where)
    return values if many else values[0]


def _check_look(name: str, value: Any, where: Location) -> None:
    """See that a colour or a logo can be used.

    Raises:
        SourceError: it cannot.
    """
    from graph_service.http.web import looks  # with its templates, which few commands need

    try:
        getattr(looks, _CHECKED[name])(value)
    except SettingsError as error:
        raise SourceError(error.message, where=where, hint=error.hint) from None


def _line(text: str, key: str) -> int:
    """The line on which a key stands, 0 if it is written in a way that is not found."""
    pattern = re.compile(rf"""\s*(["']?){re.escape(key)}\1\s*[=.]|\s*\[+\s*(["']?){re.escape(key)}\2\s*[].]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 0)
