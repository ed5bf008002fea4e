"""The one core of both clients: what to send, how long to wait, and what comes out of it."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weft.client.answers import data_of
from weft.client.calls import Call
from weft.client.retrying import MOMENTARY, Retrying, pause_of
from weft.errors import Unavailable

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class Reply:
    """What came over the wire; a `problem` tells why nothing did."""

    status: int = 0
    content: object = None
    retry_after: str | None = None
    problem: str = ""


@dataclass(frozen=True)
class Send:
    """Send this body, and give the reply."""

    body: Mapping[str, Any]


@dataclass(frozen=True)
class Wait:
    """Wait for so many seconds."""

    seconds: float


Talk = Generator[Send | Wait, Reply | None, Mapping[str, Any]]


def talk(call: Call, retrying: Retrying) -> Talk:
    """Say what is to be done next, until there is an answer or no hope of one."""
    pauses = iter(retrying.pauses() if call.again else ())
    while True:
        reply = yield Send(call.body())
        assert reply is not None
        pause = next(pauses, None)
        if not (reply.problem or reply.status in MOMENTARY) or pause is None:
            return _answer(reply)
        yield Wait(pause_of(reply.retry_after, pause))


def content_of(answer: "httpx.Response") -> object:
    """Read the JSON of an answer; what is none is nothing."""
    try:
        return answer.json()
    except ValueError:
        return None


def _answer(reply: Reply) -> Mapping[str, Any]:
    if reply.problem:
        raise Unavailable(f"the API does not answer: {reply.problem}")
    return data_of(reply.status, reply.content)
