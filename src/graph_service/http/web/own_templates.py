"""A publisher's templates for pages of classes: in a sandbox, over the layout and the macros of the shipped ones.

A template is Jinja; `{% extends "base.html" %}` and `{% import "macros.html" as m with context %}` work in it as in the
shipped ones. The sandbox keeps it from what is no business of a page: attributes with an underscore, loops without end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path, PurePath
from traceback import walk_tb
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from graph_service.errors import Location, QueryError, SourceError
from graph_service.http.web.language_tags import written

_SHIPPED = Path(__file__).parent / "templates"
# Own templates have names of their own, so that none takes the place of a shipped one.
_OWN = "own"
PREFIX = f"{_OWN}/"
# The filters that templates of pages have.
FILTERS: Mapping[str, Callable[..., Any]] = {"language_attributes": lambda one: written(one.text, one.language)}


class _Sandbox(SandboxedEnvironment):
    """Also keeps from templates what a function is bound to, and files: a path can remove what it names."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have this attribute."""
        return not isinstance(obj, partial | PurePath) and super().is_safe_attribute(obj, attr, value)


@cache
def _environment(directory: Path) -> jinja2.Environment:
    own = jinja2.PrefixLoader({_OWN: jinja2.FileSystemLoader(directory)})
    environment = _Sandbox(
        loader=jinja2.ChoiceLoader([own, jinja2.FileSystemLoader(_SHIPPED)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment


def check(directory: Path, name: str) -> None:
    """See that a template is there and can be read.

    Raises:
        SourceError: it cannot, with its line.
    """
    path = directory / f"{name}.html"
    try:
        _environment(directory).get_template(f"{_OWN}/{name}.html")
    except jinja2.TemplateSyntaxError as error:
        raise SourceError(f"{error.message}.", where=Location(path, error.lineno)) from None
    except jinja2.TemplateNotFound:
        raise SourceError("does not exist.", where=Location(path), hint="A class in pages.toml names it.") from None


def render(directory: Path, file: str, **facts: Any) -> str:
    """A page by a template, whose name begins with `PREFIX`.

    Raises:
        MemoryError: the template makes more than there is room for.
        QueryError: the template asks for what is not there or not allowed; with its line.
    """
    try:
        return _environment(directory).get_template(file).render(**facts)
    except MemoryError:
        raise
    except Exception as error:
        name = file.removeprefix(PREFIX)
        path = directory / name
        lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == str(path)]
        if not lines and not isinstance(error, jinja2.TemplateError):
            raise
        place = f"templates/{name}:{lines[-1] if lines else 0}"
        raise QueryError(f"{place}: {error}.", hint="The publisher of these data can mend it.") from None
