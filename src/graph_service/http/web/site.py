"""What a publisher's pages say: their words in German and English, and their menu.

A publisher's file (TOML) has a table of words for each language, such as `[en]` with `title = "…"`, and before them
`menu`. The keys of words are those of `locales/`; what the file leaves out stays as shipped. The site in force belongs
to the context (`contextvars`) in which it is put into use, and to all tasks that begin there; a new thread begins with
the shipped one.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from graph_service.catalogue.parameters import did_you_mean
from graph_service.errors import Location, SettingsError, SourceError
from graph_service.http.web import looks, own_templates
from graph_service.settings import ServeSettings

LANGUAGES = ("de", "en")
Words = Mapping[str, str]
# The shipped menu, and the pages that a menu may have.
MENU = (
    "positions", "propositions", "actors", "issues", "documents", "votes",
    "compare", "matrix", "timeline", "charts", "network",
    "brief", "questions",
    "changes", "coverage", "editions", "dumps", "sparql", "docs",
)  # fmt: skip
PLACES = (*MENU, "things")
# What stands folded in the menu: the key of a group in `locales/` to its pages. A page that alone of its group is in
# the menu stands there itself.
GROUPS: Mapping[str, Collection[str]] = {
    "menu.compare": ("compare", "matrix", "timeline", "charts", "network"),
    "menu.data": ("things", "changes", "coverage", "editions", "dumps", "sparql", "docs"),
}
# Those of data in another model, whose menu is this one unless their publisher says otherwise.
PLACES_OF_OTHERS = ("things", "questions", "changes", "editions", "dumps", "sparql", "docs")

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True)
class Site:
    """What pages say.

    Attributes:
        texts: words by language and key.
        menu: names of pages, of `PLACES`.
        classes: the page of a class, by the class as the file names it: what its query file and template are called.
        templates: the directory of these.
        files: those of the publisher below `/static/`: colours, a logo.
    """

    texts: Mapping[str, Words]
    menu: tuple[str, ...] = MENU
    files: looks.Files = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    templates: Path | None = None

    @cached_property
    def grouped(self) -> Mapping[str, Collection[str]]:
        """The menu in its order: the key of a name in `locales/` to the pages that stand below it."""
        groups: dict[str, list[str]] = {}
        for place in self.menu:
            group = next((key for key, pages in GROUPS.items() if place in pages), "")
            alone = sum(other in GROUPS.get(group, ()) for other in self.menu) < 2
            groups.setdefault(f"nav.{place}" if alone else group, []).append(place)
        return groups


@cache
def shipped(*, of_model: bool = True) -> Site:
    """The site without a publisher's file; where the data are in another model, without the words of ours."""
    texts = _texts(_LOCALES)
    if of_model:
        return Site(texts)
    others = _texts(_LOCALES / "others")
    return Site({language: {**words, **others[language]} for language, words in texts.items()}, PLACES_OF_OTHERS)


def _texts(directory: Path) -> Mapping[str, Words]:
    files = {language: directory / f"{language}.json" for language in LANGUAGES}
    return {language: dict(json.loads(path.read_text(encoding="utf-8"))) for language, path in files.items()}


_in_force: ContextVar[Site | None] = ContextVar("site", default=None)


def in_force() -> Site:
    """The site in force."""
    return _in_force.get() or shipped()


def words(language: str) -> Words:
    """The words of the pages in a language of `LANGUAGES`, by key."""
    return in_force().texts[language]


def use(own: Site) -> None:
    """Put a site into force."""
    _in_force.set(own)


def of(settings: ServeSettings, *, of_model: bool) -> Site:
    """The site of these settings; raises what `read` and `looks.files` raise.

    Args:
        settings: name the file of words, colours and a logo.
        of_model: as of `read`.
    """
    files = looks.files(settings.accent, settings.accent_dark, settings.logo)
    found = replace(read(settings.pages, of_model=of_model), files=files, templates=settings.templates)
    if found.classes and settings.templates is None:
        raise SettingsError("pages of classes have no templates.", hint='Write templates = "templates".')
    for name in found.classes.values():
        own_templates.check(settings.templates or Path(), name)
    return found


def read(path: Path | None, *, of_model: bool = True) -> Site:
    """The site that a publisher's file describes; the shipped one without a file.

    Args:
        path: the file.
        of_model: whether the data are in the shipped model, which has pages of its own.

    Raises:
        SettingsError: the file does not exist.
        SourceError: it is not TOML, or has a language, a key, a placeholder or a page that is not known.
    """
    site = shipped(of_model=of_model)
    if path is None:
        return site
    content = _content(path)
    menu = _menu(path, content.pop("menu", list(site.menu)), PLACES if of_model else PLACES_OF_OTHERS)
    classes = _classes(path, content.pop("classes", {}))
    for language, own in content.items():
        if language not in LANGUAGES or not isinstance(own, dict):
            hint = f"Write menu, [classes], {' and '.join(f'[{one}]' for one in LANGUAGES)}."
            raise SourceError(f"{language} is no language of the pages.", where=Location(path), hint=hint)
        for key, text in own.items():
            _check(path, language, key, text)
    return Site(
        {language: {**words, **content.get(language, {})} for language, words in site.texts.items()},
        menu,
        classes=classes,
    )


def classes_of(path: Path) -> Mapping[str, str]:
    """The page of each class that a publisher's file names; raises as `read`."""
    return _classes(path, _content(path).get("classes", {}))


def _content(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist.", hint="It holds a table of words for each language.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"cannot be read: {error}.", where=Location(path)) from None


def _classes(path: Path, classes: object) -> Mapping[str, str]:
    if not isinstance(classes, dict):
        raise SourceError(
            "classes is no table.", where=Location(path), hint='Write [classes] and "def#House" = "house".'
        )
    for class_, name in classes.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            hint = "Write small letters, digits and hyphens: that of a query file and a template."
            raise SourceError(f"classes: {class_} has no name for its page.", where=Location(path), hint=hint)
    return classes


def _menu(path: Path, places: object, known: Sequence[str]) -> tuple[str, ...]:
    if not isinstance(places, list):
        raise SourceError("menu is no list.", where=Location(path), hint=f'Write menu = ["{known[-1]}"].')
    for place in places:
        if place not in known:
            hint = did_you_mean(str(place), known) or f"There are {', '.join(known)}."
            raise SourceError(f"menu: {place} is no page for a menu.", where=Location(path), hint=hint)
    return tuple(places)


def _check(path: Path, language: str, key: str, text: object) -> None:
    known = shipped().texts[language]
    if key not in known:
        hint = did_you_mean(key, known) or "Write keys with dots in quotes."
        raise SourceError(f"{language}: {key} is no text of the pages.", where=Location(path), hint=hint)
    if not isinstance(text, str):
        raise SourceError(f"{language}: {key} is no text.", where=Location(path), hint=f'Write {key} = "…".')
    try:
        surplus = _placeholders(text) - _placeholders(known[key])
    except ValueError as error:
        raise SourceError(f"{language}: {key}: {error}.", where=Location(path)) from None
    if surplus:
        hint = f"It may have {', '.join(sorted(_placeholders(known[key]))) or 'none'}."
        raise SourceError(f"{language}: {key} has no {min(surplus)} to put in.", where=Location(path), hint=hint)


def _placeholders(text: str) -> set[str]:
    return {f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name is not None}
