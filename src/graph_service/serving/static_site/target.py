"""Where a site will be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from graph_service.errors import SettingsError


@dataclass(frozen=True)
class SiteTarget:
    """Where the site will be.

    Attributes:
        directory: comes to be, or replaces an earlier export.
        address: URL of the site.
        service: URL of a service for what needs one, without a slash at the end; empty for none.

    Raises:
        SettingsError: the address is none.
    """

    directory: Path
    address: str
    service: str = ""

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme not in ("http", "https"):
            hint = "Write one like https://graph.example.org/."
            raise SettingsError(f"{self.address!r} is no address of a site.", hint=hint)

    @property
    def url(self) -> str:
        """The address without a slash at the end."""
        return self.address.rstrip("/")

    @property
    def root(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path.rstrip("/")
