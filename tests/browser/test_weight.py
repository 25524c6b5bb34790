"""What a page weighs, compressed, with all that it loads but the scripts of the editor and of the network."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.browser.page_types import LANGUAGES, PAGE_TYPES, address
from tests.http.processes import Served

LIMIT = 150_000
PARTS = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]* (?:href|src)="([^"]+)"')


@pytest.mark.parametrize("path", list(PAGE_TYPES.values()), ids=list(PAGE_TYPES))
def test_weight(service: Served, path: str) -> None:
    with service.client() as client:

        @cache
        def fetched(part: str) -> tuple[int, str]:
            fields = {"accept": "text/html,*/*;q=0.5", "accept-encoding": "gzip"}
            with client.stream("GET", part, headers=fields) as answer:
                answer.read()
                return answer.num_bytes_downloaded, answer.text

        for language in LANGUAGES:
            own, text = fetched(address(path, language))
            parts = set(PARTS.findall(text))
            assert any(part.endswith("site.css") for part in parts)
            weight = own + sum(fetched(part)[0] for part in parts if "/vendor/" not in part)
            assert weight <= LIMIT, {part: fetched(part)[0] for part in parts}
