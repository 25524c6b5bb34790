"""Asking a model over HTTP: limits hold, the key goes nowhere else, and nothing is followed."""

from __future__ import annotations

import pytest

from graph_service.drafting.chat_completions import ChatModel, Limits, ModelError, completions_address
from graph_service.errors import SettingsError
from tests.drafting.model_runs import GOOD, SECRET, always, ask, dropped, in_turn, two_pieces
from tests.drafting.model_server import Answer, Asked, positions, serving


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"choices": []}', b'{"choices": [{"message": {"content": [1]}}]}', b"\xff"]
)
def test_what_is_no_completion_is_a_broken_answer(body: bytes) -> None:
    _, progress, _ = ask(lambda _: Answer(body=body))
    assert dropped(progress) == {"answers that are not the JSON asked for": 1}


def test_a_server_without_json_schema_is_asked_without() -> None:
    def respond(asked: Asked) -> Answer:
        taken = "response_format" not in asked.body
        return Answer(positions(GOOD)) if taken else Answer(status=400, body=b"response_format is not supported")

    coder, _, asked = ask(respond, two_pieces())
    forms = [request.body.get("response_format", {}).get("type", "") for request in asked]
    assert forms == ["json_schema", "json_object", "", ""]
    assert len(coder.draft.positions) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    busy = Answer(status=status, headers={"Retry-After": "0"}, body=b"busy")
    coder, _, asked = ask(in_turn(busy, busy, Answer(positions(GOOD))))
    assert (len(coder.draft.positions), len(asked)) == (1, 3)


@pytest.mark.parametrize("after", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT", "soon", "-1"])
def test_no_server_makes_a_run_wait_longer_than_the_limit(after: str) -> None:
    with pytest.raises(ModelError, match="answers with status 429, 3 times"):
        ask(lambda _: Answer(status=429, headers={"Retry-After": after}))


def test_a_slow_server_ends_by_the_limit_of_time() -> None:
    with pytest.raises(ModelError, match=r"does not answer within 0\.2 seconds"):
        ask(lambda _: Answer(drip=True), limits=Limits(request_seconds=0.2, retries=0))


def test_a_run_has_a_limit_of_time_whatever_a_request_may_take() -> None:
    with pytest.raises(ModelError, match=r"has used its 400 requests or 0\.3 seconds"):
        ask(lambda _: Answer(drip=True), limits=Limits(seconds=0.3, request_seconds=60))


def test_an_endless_answer_is_cut() -> None:
    with pytest.raises(ModelError, match="more than 1000 bytes"):
        ask(lambda _: Answer(body=b"x" * 2000), limits=Limits(answer_bytes=1000))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_with_the_key(status: int) -> None:
    with serving(always(positions(GOOD))) as other:
        target = {"Location": f"{other.address}/v1/chat/completions"}
        with pytest.raises(ModelError, match="redirects"):
            ask(lambda _: Answer(status=status, headers=target), key=SECRET)
    assert other.asked == []


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_the_key_is_in_no_error(status: int) -> None:
    with pytest.raises(ModelError) as caught:
        ask(lambda asked: Answer(status=status, body=f"wrong: {asked.headers['authorization']}".encode()), key=SECRET)
    assert SECRET not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert SECRET not in repr(ChatModel("http://x", "m", SECRET))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://localhost:1", "http://localhost:1/v1/chat/completions"),
        ("http://127.0.0.1:1/v1/", "http://127.0.0.1:1/v1/chat/completions"),
        ("http://[::1]:1/api/v1/chat/completions", "http://[::1]:1/api/v1/chat/completions"),
        ("https://example.org/x", "https://example.org/x/chat/completions"),
    ],
)
def test_addresses_are_completed(given: str, used: str) -> None:
    assert completions_address(given, SECRET) == used


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "file:///etc/passwd",
        "https://",
        "https://a:b@example.org",
        "http://example.org/v1",
        "https://x/?key=1",
        "https://x/#a",
    ],
)
def test_addresses_that_are_none_or_unsafe_are_refused(address: str) -> None:
    with pytest.raises(SettingsError):
        completions_address(address, SECRET)
