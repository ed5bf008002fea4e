"""What every root field has: the role that it needs, and its measures."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from api import metrics
from api.graphql.errors import code_of
from api.pulse import AWAY
from api.roles import allows
from weft.errors import Refused, Unavailable

ALONE = ("recommend", "me")  # what has an answer without the database


class Needs(FieldExtension):
    """Let only keys with this role through."""

    def __init__(self, role: str) -> None:
        self.role = role

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: strawberry.Info,
        **kwargs: Any,
    ) -> Any:
        """Check the key's roles, then go on."""
        check_role(info, self.role)
        if info.context.databases.pulse.gone.is_set() and info.field_name not in ALONE:
            raise Unavailable(AWAY)
        return await next_(source, info, **kwargs)


class Measured(FieldExtension):
    """Count answers by their code, and time them."""

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: strawberry.Info,
        **kwargs: Any,
    ) -> Any:
        """Go on, then count."""
        began, code = time.perf_counter(), "OK"
        try:
            return await next_(source, info, **kwargs)
        except Exception as error:
            code = code_of(error)
            raise
        finally:
            metrics.FIELDS.labels(info.field_name, code).inc()
            metrics.FIELD_SECONDS.labels(info.field_name).observe(time.perf_counter() - began)


def check_role(info: strawberry.Info, role: str) -> None:
    """Refuse a key without a role."""
    roles = info.context.key.roles
    if not allows(roles, role):
        raise Refused(f"{info.field_name} needs the role '{role}'; this key has {_list(roles)}")


def entry(role: str) -> list[FieldExtension]:
    """Give what a root field that needs this role is extended by."""
    return [Measured(), Needs(role)]


def _list(roles: tuple[str, ...]) -> str:
    return ", ".join(roles) or "none"
