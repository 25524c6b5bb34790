"""Somebody who visits the service, beside the clients that are tested."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.http.processes import Served


@pytest.fixture
def visitor(service: Served) -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client
