"""Templates of a publisher: errors with file and line, nothing of the program within reach."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from graph_service.errors import QueryError, SettingsError, SourceError
from graph_service.http.web import own_templates, site
from graph_service.settings import ServeSettings


def _site(directory: Path, template: str, pages: str = '[classes]\n"def#House" = "house"') -> site.Site:
    (directory / "house.html").write_text(template)
    (directory / "pages.toml").write_text(pages)
    return site.of(ServeSettings(pages=directory / "pages.toml", templates=directory), of_model=False)


def test_a_template_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"house\.html:2: Encountered unknown tag"):
        _site(tmp_path, "<p>\n{% fro x in y %}")
    with pytest.raises(SourceError, match=r"flat\.html: does not exist"):
        _site(tmp_path, "", '[classes]\n"def#Flat" = "flat"')
    with pytest.raises(SourceError, match="def#Flat has no name"):
        _site(tmp_path, "", '[classes]\n"def#Flat" = "../flat"')
    _site(tmp_path, "")
    with pytest.raises(SettingsError, match="have no templates"):
        site.of(ServeSettings(pages=tmp_path / "pages.toml"), of_model=False)


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("<p>\n{{ rows[0].owner.text }}", "templates/house.html:2: "),
        ("{{ rows.__class__.__mro__ }}", "is unsafe"),
        ("{{ cited.args[0].unlink() }}", "is unsafe"),
        ("{{ place.unlink() }}", "is unsafe"),
        ("{% for i in range(10 ** 9) %}{% endfor %}", "Range too big"),
    ],
)
def test_what_a_template_may_not_or_cannot_do_is_told(tmp_path: Path, template: str, error: str) -> None:
    (tmp_path / "house.html").write_text(template)
    with pytest.raises(QueryError, match=re.escape(error)):
        own_templates.render(tmp_path, "own/house.html", rows=[], cited=partial(str, tmp_path), place=tmp_path)


def test_a_template_that_makes_too_much_meets_the_limit_of_memory(tmp_path: Path) -> None:
    (tmp_path / "house.html").write_text("{{ 'a' * 10 ** 15 }}")
    with pytest.raises(MemoryError):
        own_templates.render(tmp_path, "own/house.html")
