"""Behind the proxies of the examples, assistants reach a service that runs by the unit or in the container."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from mcp.server.transport_security import TransportSecurityMiddleware
from starlette.requests import Request

from graph_service.http.mcp.server import security
from tests.conftest import ROOT
from tests.deployment.test_container import COMPOSE
from tests.deployment.test_unit import values

UNIT = dict(pair.split("=", 1) for line in values("Environment") for pair in shlex.split(line))
(CONTAINER,) = (service["environment"] for service in COMPOSE["services"].values())


@pytest.mark.parametrize("environment", [UNIT, CONTAINER], ids=["unit", "container"])
def test_assistants_may_name_the_host_of_the_proxy(environment: Mapping[str, str]) -> None:
    url = environment["GRAPH_SERVICE_PUBLIC_URL"]
    assert urlsplit(url).path == environment["GRAPH_SERVICE_ROOT_PATH"]
    for proxy in ("Caddyfile", "nginx.conf"):
        assert f"--public-url {url}\n" in (ROOT / "deploy" / proxy).read_text(encoding="utf-8")
    fields = {"host": urlsplit(url).netloc, "content-type": "application/json"}
    scope = {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in fields.items()]}
    checked = TransportSecurityMiddleware(security([url])).validate_request(Request(scope), is_post=True)
    assert asyncio.run(checked) is None
