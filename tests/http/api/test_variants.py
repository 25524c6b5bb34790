"""Variants of a language, such as `de-AT`: every operation, page and file answers them in the language itself."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.browser.page_types import PAGE_TYPES
from tests.http.api.test_operations import operations

FILES = (
    "/changes.atom",
    "/changes.atom?actor=id/actor/spd",
    "/chart/over-time.svg?issue=id/issue/asylum",
    "/brief?issue=id/issue/asylum&format=markdown",
    "/network.svg?issue=id/issue/asylum",
    "/reconcile",
    "/explain?s=id/actor/spd&p=rdf:type&o=mp:Actor",
)
# What tells the request back or the day: the language that was asked for, names of the request.
ECHO = re.compile(r"(?:[?&;]|&amp;)lang=[\w-]+|request_id[^,}]*|<updated>[^<]*</updated>|hreflang=\"[^\"]*\"")


def spoken(client: httpx2.Client, address: str, variant: str, *, by_field: bool) -> tuple[int, str, str]:
    """Status, language and content of an answer, asked for by the parameter or by `Accept-Language`."""
    sign = "&" if "?" in address else "?"
    fields = {"accept-language": f"{variant}, fr;q=0.1"} if by_field else {}
    answer = client.get(address if by_field else f"{address}{sign}lang={variant}", headers=fields)
    return answer.status_code, answer.headers.get("content-language", ""), ECHO.sub("", answer.text)


def takes_language(client: httpx2.Client) -> list[str]:
    """The example of every operation of the OpenAPI document that has the parameter `lang`."""
    paths = client.get("/openapi.json").json()["paths"]
    having = {
        path
        for path, methods in paths.items()
        if any(one.get("name") == "lang" for one in methods.get("get", {}).get("parameters", ()))
    }
    return [one.example for one in operations() if one.path in having]


@pytest.mark.slow
def test_operations_answer_a_variant_in_its_language(client: httpx2.Client) -> None:
    asked = takes_language(client)
    assert len(asked) > 90
    for address in asked:
        plain = spoken(client, address, "de", by_field=False)
        assert plain[:2] == (200, "de"), address
        assert spoken(client, address, "de-AT", by_field=False) == plain, address
        assert spoken(client, address, "de-DE", by_field=True)[:2] == (200, "de"), address
        assert spoken(client, address, "en-GB", by_field=False)[:2] == (200, "en"), address
        # A language without labels is answered in English, which the answer says.
        assert spoken(client, address, "fr", by_field=False)[:2] == (200, "en"), address


@pytest.mark.slow
def test_pages_and_files_answer_a_variant_in_its_language(client: httpx2.Client) -> None:
    for address in (*PAGE_TYPES.values(), *FILES):
        for variant, by_field in (("de-AT", False), ("de-DE", True), ("en-GB", False), ("fr", False)):
            status, language, _ = spoken(client, address, variant, by_field=by_field)
            # Of a page of a class of things the address itself may be too little.
            assert status in (200, 404), (address, variant)
            assert language in ("", variant[:2]) or variant == "fr", (address, variant)
