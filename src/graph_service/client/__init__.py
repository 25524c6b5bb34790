"""A client for the service: typed, blocking or awaited, with pages, entity tags, editions, frames and graphs.

>>> from graph_service.client import Client
>>> client = Client("http://localhost:8000", language="en")
>>> for position in client.positions(holder="spd", issue="asylum"):
...     print(position["date"], position["text"])
>>> client.matrix(issue="asylum").to_frame()

Needs `pip install 'graph-service[client]'`; frames need pandas, graphs rdflib. docs/client.md shows it all.
"""

from graph_service.client.clients import AsyncClient, Client
from graph_service.client.errors import AnswerTooLarge, ClientError, LibraryMissing, Problem, Unreachable
from graph_service.client.requests import AsyncListing, AsyncRequest, Listing, Request

__all__ = [
    "AnswerTooLarge",
    "AsyncClient",
    "AsyncListing",
    "AsyncRequest",
    "Client",
    "ClientError",
    "LibraryMissing",
    "Listing",
    "Problem",
    "Request",
    "Unreachable",
]
