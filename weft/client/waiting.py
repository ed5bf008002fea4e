"""The client that waits for answers."""

import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from weft.client import calls
from weft.client.answers import (
    Page,
    Removed,
    Tracked,
    Upserted,
    page_of,
    removed_of,
    tracked_of,
    upserted_of,
)
from weft.client.buffer import Buffer, Event
from weft.client.calls import FIELDS, Call
from weft.client.retrying import Retrying
from weft.client.talking import Reply, Send, Wait, content_of, talk

if TYPE_CHECKING:
    import httpx

Item = Mapping[str, Any]


class Client:
    """Asks the API at an address, with a key; close it, or use it in a `with` block."""

    def __init__(
        self,
        address: str,
        key: str,
        timeout: float = 10.0,
        retrying: Retrying | None = None,
        buffer: Buffer | None = None,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        import httpx  # noqa: PLC0415 - only clients need it

        self.retrying = retrying or Retrying()
        self.buffer = buffer or Buffer()
        self._sending = threading.Lock()
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(
            base_url=address, headers=headers, timeout=timeout, transport=transport
        )

    def __enter__(self) -> Self:
        """Begin to use it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send what is left, and close."""
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "buffer"):
            self.buffer.warn()

    def recommend(
        self,
        scene: str,
        person: str | None = None,
        first: int = 20,
        after: str | None = None,
        where: Mapping[str, Any] | None = None,
        exclude: Sequence[str] | None = None,
        fields: str = FIELDS,
    ) -> Page:
        """Recommend items in a scene; `fields` are those of `Item` that are wanted."""
        asked = {"person": person, "first": first, "after": after}
        call = calls.recommend(fields, scene=scene, where=where, exclude=exclude, **asked)
        return page_of(self._ask(call)["recommend"])

    def similar_items(
        self,
        item: str,
        space: str | None = None,
        channel: str | None = None,
        first: int = 20,
        after: str | None = None,
        where: Mapping[str, Any] | None = None,
        fields: str = FIELDS,
    ) -> Page:
        """Find items that are like one."""
        asked = {"space": space, "channel": channel, "first": first, "after": after}
        call = calls.similar_items(fields, item=item, where=where, **asked)
        return page_of(self._ask(call)["similarItems"])

    def search_items(
        self,
        keyword: str,
        first: int = 20,
        after: str | None = None,
        where: Mapping[str, Any] | None = None,
        fields: str = FIELDS,
    ) -> Page:
        """Find items by what was typed."""
        asked = {"first": first, "after": after, "where": where}
        return page_of(
            self._ask(calls.search_items(fields, keyword=keyword, **asked))["searchItems"]
        )

    def track(self, *events: Event) -> Tracked:
        """Tell what people did: at once where many wait, or for long; tells what was sent now.

        What could not be sent stays, and goes with the next call.
        """
        self.buffer.add(events)
        return self._send_next() if self.buffer.due else Tracked()

    def flush(self) -> Tracked:
        """Send all events that wait."""
        told = Tracked()
        while self.buffer.waiting:
            told += self._send_next()
        return told

    def upsert_items(self, items: Sequence[Item]) -> Upserted:
        """Add or change items, at most 500."""
        return upserted_of(self._ask(calls.upsert_items(items))["upsertItems"], items)

    def remove_items(self, keys: Sequence[str]) -> Removed:
        """Remove items, at most 500."""
        return removed_of(self._ask(calls.remove_items(keys))["removeItems"])

    def query(
        self, query: str, variables: Mapping[str, Any] | None = None, again: bool | None = None
    ) -> Mapping[str, Any]:
        """Ask anything and give its data; `again` tells that a mutation may be sent twice."""
        return self._ask(calls.anything(query, variables or {}, again))

    def close(self) -> None:
        """Send all events that wait, then close; where that fails, they are still there."""
        self.flush()
        self._http.close()

    def _send_next(self) -> Tracked:
        with self._sending:  # whoever else sends would send the same
            events = self.buffer.next()
            if not events:
                return Tracked()
            told = tracked_of((self._ask(calls.track(events)))["track"], events)
            self.buffer.sent(len(events))
            return told

    def _ask(self, call: Call) -> Mapping[str, Any]:
        talking, reply = talk(call, self.retrying), None
        while True:
            try:
                step = talking.send(reply)
            except StopIteration as answered:
                data: Mapping[str, Any] = answered.value
                return data
            match step:
                case Send(body):
                    reply = self._post(body)
                case Wait(seconds):
                    time.sleep(seconds)

    def _post(self, body: Mapping[str, Any]) -> Reply:
        import httpx  # noqa: PLC0415 - only clients need it

        try:
            answer = self._http.post("/graphql", json=body)
        except httpx.TransportError as error:
            return Reply(problem=str(error) or type(error).__name__)
        return Reply(answer.status_code, content_of(answer), answer.headers.get("retry-after"))
