"""Asking a language model over HTTP: `POST …/v1/chat/completions`, as many servers offer it, within limits.

Nothing is followed: no redirect, no proxy of the environment, no address in an answer. The key goes to the configured
address and nowhere else, and stands in no message.
"""

from __future__ import annotations

import asyncio
import datetime
import email.utils
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2

from graph_service.errors import GraphServiceError, SettingsError
from graph_service.version import __version__

_PATH = "/chat/completions"
_REFUSED_FORM = (400, 422, 501)
_SHOWN = 200


class ModelError(GraphServiceError):
    """The address of a language model does not answer as it should."""


class OutOfBounds(ModelError):
    """The requests or the time of a run are used up."""


@dataclass(frozen=True)
class Limits:
    """What a run may take.

    Attributes:
        seconds: of the whole run.
        request_seconds: of one request, from connecting to the last byte.
        requests: of the whole run, repeated ones among them.
        retries: of one request that the server cannot serve now.
        longest_wait: seconds before a request is repeated, whatever the server asks for.
        answer_bytes: of one answer.
        answer_tokens: that the model may write.
    """

    seconds: float = 1800
    request_seconds: float = 180
    requests: int = 400
    retries: int = 3
    longest_wait: float = 60
    answer_bytes: int = 1 << 20
    answer_tokens: int = 4096


def completions_address(address: str, key: str) -> str:
    """The address that requests go to.

    Raises:
        SettingsError: it is no address of HTTP, has a password in it, or would carry the key unencrypted.
    """
    parts = urlsplit(address)
    hint = "Write https://HOST/v1 or http://localhost:PORT/v1."
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError("The address of the language model is no address of HTTP.", hint=hint)
    if parts.username is not None or parts.password is not None:
        hint = "Put the key into the environment variable GRAPH_SERVICE_MODEL_KEY."
        raise SettingsError("The address of the language model holds a name or password.", hint=hint)
    if key and parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise SettingsError("The key would travel unencrypted.", hint="Use https, or an address of this machine.")
    base = address.rstrip("/")
    if base.endswith(_PATH):
        return base
    return f"{base}{'' if parts.path.strip('/') else '/v1'}{_PATH}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass
class ChatModel:
    """A model behind an address.

    Attributes:
        address: of the completions.
        model: its name there.
        key: sent as bearer token; empty if none is needed.
        limits: of the run.
        used: requests so far.
    """

    address: str
    model: str
    key: str = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    used: int = 0
    _forms: list[str] = field(default_factory=lambda: ["json_schema", "json_object", ""], init=False)
    _deadline: float = field(default=0.0, init=False)

    async def __aenter__(self) -> ChatModel:
        headers = {"User-Agent": f"graph-service/{__version__}", "Accept": "application/json"}
        headers["Accept-Encoding"] = "identity"  # so that few bytes cannot unfold to many
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        self._http = httpx2.AsyncClient(headers=headers, follow_redirects=False, trust_env=False, timeout=None)
        self._deadline = asyncio.get_running_loop().time() + self.limits.seconds
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> str:
        """The text of the model's answer; empty if the answer has none.

        A server that does not take a JSON schema is asked for any JSON object, then without a format.

        Raises:
            ModelError: the server is out of reach or refuses.
            OutOfBounds: requests or time of the run are used up.
        """
        while True:
            status, content = await self._answered(self._request(messages, schema))
            if status in _REFUSED_FORM and len(self._forms) > 1:
                self._forms.pop(0)
                continue
            if status != 200:
                raise self._refused(status, content)
            return _text(content)

    def _request(self, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> bytes:
        body: dict[str, Any] = {"model": self.model, "messages": messages, "temperature": 0, "stream": False}
        body["max_tokens"] = self.limits.answer_tokens
        if self._forms[0] == "json_schema":
            described = {"name": "positions", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": described}
        elif self._forms[0]:
            body["response_format"] = {"type": self._forms[0]}
        return json.dumps(body, ensure_ascii=False).encode()

    async def _answered(self, body: bytes) -> tuple[int, bytes]:
        """Status and content of the answer; a server that is busy or out of reach is asked again, later."""
        for attempt in range(self.limits.retries + 1):
            problem, wait = "", 2.0**attempt
            try:
                status, content, asked_to_wait = await self._once(body)
                if (status != 429 and status < 500) or status == 501:
                    return status, content
                problem, wait = f"answers with status {status}", asked_to_wait if asked_to_wait is not None else wait
            except TimeoutError:
                problem = f"does not answer within {self.limits.request_seconds:g} seconds"
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                problem = f"is out of reach ({type(error).__name__})"
            if attempt < self.limits.retries:
                await self._wait(wait)
        raise ModelError(f"The language model {problem}, {self.limits.retries + 1} times.")

    async def _once(self, body: bytes) -> tuple[int, bytes, float | None]:
        left = self._deadline - asyncio.get_running_loop().time()
        if self.used >= self.limits.requests or left <= 0:
            raise OutOfBounds(
                f"The run has used its {self.limits.requests} requests or {self.limits.seconds:g} seconds."
            )
        self.used += 1
        async with asyncio.timeout(min(self.limits.request_seconds, left)):
            fields = {"Content-Type": "application/json"}
            async with self._http.stream("POST", self.address, content=body, headers=fields) as response:
                content = bytearray()
                async for piece in response.aiter_raw():
                    content += piece
                    if len(content) > self.limits.answer_bytes:
                        raise ModelError(f"The language model answers with more than {self.limits.answer_bytes} bytes.")
                return response.status_code, bytes(content), _seconds(response.headers.get("Retry-After", ""))

    async def _wait(self, seconds: float) -> None:
        left = self._deadline - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, min(seconds, self.limits.longest_wait, left)))

    def _refused(self, status: int, content: bytes) -> ModelError:
        if status in (401, 403):
            hint = "Is the environment variable GRAPH_SERVICE_MODEL_KEY right?"
            return ModelError(f"The language model refuses the key (status {status}).", hint=hint)
        if 300 <= status < 400:
            message = f"The address redirects (status {status}), which is not followed."
            return ModelError(message, hint="Give the final address.")
        excerpt = " ".join(content.decode(errors="replace").split())
        excerpt = excerpt.replace(self.key, "…") if self.key else excerpt
        return ModelError(f"The language model answers with status {status}: {excerpt[:_SHOWN]}")


def _seconds(value: str) -> float | None:
    """Retry-After (RFC 9110, section 10.2.3): seconds or a date."""
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return float(value)
    try:
        then = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=datetime.UTC)
    return max(0.0, (then - datetime.datetime.now(datetime.UTC)).total_seconds())


def _text(content: bytes) -> str:
    try:
        text = json.loads(content)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return text if isinstance(text, str) else ""
