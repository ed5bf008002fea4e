"""Roles: what a key may do."""

from collections.abc import Iterable

GRANTS = {
    "reader": {"reader"},
    "writer": {"writer", "reader"},
    "analyst": {"analyst", "reader"},
    "operator": {"operator", "analyst", "writer", "reader"},
}


def allows(roles: Iterable[str], needed: str) -> bool:
    """Tell whether one of the roles includes the needed one."""
    return any(needed in GRANTS[role] for role in roles)
