"""An assistant as the SDK has it: it connects, calls tools, and reads what they answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp import Client, types

Found = TypeVar("Found")
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class ToolAnswer:
    """What came back: the text as the assistant gets it."""

    text: str
    is_error: bool

    @property
    def content(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        assert self.is_error, self.text
        return self.content["error"]

    @property
    def tokens(self) -> float:
        """As everybody estimates them."""
        return len(self.text) / 4


class Assistant:
    """A session."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, arguments: Arguments) -> ToolAnswer:
        result = await self.client.call_tool(tool, dict(arguments))
        (content,) = result.content
        assert isinstance(content, types.TextContent)
        return ToolAnswer(content.text, result.is_error)


def session(server: Any, work: Callable[[Assistant], Awaitable[Found]], mode: str = "auto") -> Found:
    """What an assistant finds in one session with a server, by its address or its command."""

    async def connected() -> Found:
        async with Client(server, mode=mode) as client:
            return await work(Assistant(client))

    return asyncio.run(connected())


def call(server: Any, tool: str, arguments: Arguments, mode: str = "auto") -> ToolAnswer:
    """The answer to one call in a session of its own."""
    return session(server, lambda assistant: assistant.call(tool, arguments), mode)


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within an answer."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(one)
