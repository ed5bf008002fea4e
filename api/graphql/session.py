"""What a request says of who asks: a session with what was done just now, and a context."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from api.graphql.dynamic import graphql_name, make_class, python_name, scalar
from graph.catalog import Catalog
from ranking.sessions import Sent
from weft.errors import BadRequest
from weft.events import Events
from weft.spec import unknown

MOST_EVENTS = 200
LONGEST_KEY = 200


@strawberry.input(description="Something that somebody did just now.")
class SessionEvent:
    """Something that somebody did just now."""

    item: strawberry.ID = strawberry.field(description="The key of the item.")
    kind: str = strawberry.field(default="click", description="A kind of event, as of `track`.")
    time: datetime | None = strawberry.field(
        default=None, description="Left out: just before the event that follows."
    )


@strawberry.input(description="A visit: its key, and what was done in it.")
class Session:
    """A visit: its key, and what was done in it."""

    key: strawberry.ID = strawberry.field(description="The same for all requests of the visit.")
    events: list[SessionEvent] = strawberry.field(
        default_factory=list, description=f"At most {MOST_EVENTS}, the newest last."
    )


@dataclass(frozen=True)
class Visit:
    """A session that was checked."""

    key: str
    sent: tuple[Sent, ...]

    def plain(self) -> dict[str, Any]:
        """Give it as JSON."""
        events = [[s.item, s.kind, s.time and s.time.isoformat()] for s in self.sent]
        return {"key": self.key, "events": events}


def visit_of(session: Session | None, events: Events) -> Visit | None:
    """Check a session; raise `BadRequest` that says what would be right."""
    if session is None:
        return None
    if not 0 < len(session.key) <= LONGEST_KEY:
        raise BadRequest(f"session.key: 1 to {LONGEST_KEY} characters are needed")
    if len(session.events) > MOST_EVENTS:
        raise BadRequest(
            f"session.events: at most {MOST_EVENTS}, not {len(session.events)}; send the newest"
        )
    return Visit(session.key, _sent(session.events, events))


def _sent(given: Sequence[SessionEvent], events: Events) -> tuple[Sent, ...]:
    kinds = {name: kind for name, kind in events.all_kinds().items() if kind.item}
    for number, event in enumerate(given):
        if event.kind not in kinds:
            what = unknown("kind of event with an item", event.kind, kinds)
            raise BadRequest(f"session.events[{number}].kind: {what}")
        if event.time is not None and event.time.tzinfo is None:
            raise BadRequest(f"session.events[{number}].time: a time needs its zone")
    return tuple(Sent(event.item, event.kind, event.time) for event in given)


def context_type(catalog: Catalog) -> type | None:
    """Make the input `PersonContext`, a field for each attribute of persons, if there are any."""
    declared = {python_name(n): scalar(a) for n, a in catalog.user.items()}
    if not declared:
        return None
    renamed = {
        p: strawberry.field(name=graphql_name(p.removesuffix("_")), default=UNSET) for p in declared
    }
    made = make_class("PersonContext", object, declared, renamed)
    description = "What is so of the person for this request, whatever is stored; null: not known."
    return strawberry.input(made, description=description)


def written(value: Any) -> Any:
    """Write a value of a context as JSON."""
    return value.isoformat() if isinstance(value, datetime) else value


def context_of(given: object) -> dict[str, Any]:
    """Give what was given, under the names of the spec."""
    if given is None:
        return {}
    values = {f.name.removesuffix("_"): getattr(given, f.name) for f in fields(given)}  # type: ignore[arg-type]
    for name, value in values.items():
        if isinstance(value, datetime) and value.tzinfo is None:
            raise BadRequest(f"context.{name}: a time needs its zone")
    return {name: value for name, value in values.items() if value is not UNSET}
