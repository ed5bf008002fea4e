"""The SQL of re-ranking: what rules want to know of a few hundred items, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    Integer,
    Select,
    Text,
    and_,
    any_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from graph.catalog import Catalog
from graph.queries import clause, column_of, offered
from graph.tables import item, tag, tag_relation
from graph.where import Where

Column = ColumnElement[Any]


@dataclass(frozen=True)
class Wanted:
    """Which items are read, what of them, and who of those that are pinned may be shown."""

    ids: Sequence[int]
    attributes: Sequence[str]
    facets: Sequence[str]
    ages: bool
    pinned: Sequence[str]
    where: Where
    moment: datetime


def facts(catalog: Catalog, wanted: Wanted) -> Select[Any]:
    """Read items by id, and by key those that are pinned and may be shown."""
    columns: list[Column] = [item.c.id, item.c.key]
    columns += [_attribute(catalog, n, at) for at, n in enumerate(wanted.attributes)]
    columns += [_facet(name, place) for place, name in enumerate(wanted.facets)]
    if wanted.ages:
        columns.append(_age(catalog, wanted.moment).label("age"))
    among = item.c.id == any_(literal(list(wanted.ids), ARRAY(Integer)))
    if not wanted.pinned:
        return select(*columns).where(among)
    named = item.c.key == any_(literal(list(wanted.pinned), ARRAY(Text)))
    shown = and_(offered(catalog, wanted.moment), clause(wanted.where, catalog))
    return select(*columns).where(or_(among, and_(named, shown)))


def _attribute(catalog: Catalog, name: str, place: int) -> Column:
    """Give what an item says of itself; for a merged tag, what it was merged into."""
    attribute = catalog.item[name]
    side = column_of(name, attribute)
    if attribute.type == "tag" and not attribute.many:
        side = func.coalesce(_merged(side), side)
    return side.label(f"a{place}")


def _merged(key: Column) -> Column:
    old, now = tag.alias(), tag.alias()
    joined = select(now.c.key).join_from(old, now, now.c.id == old.c.redirect)
    return joined.where(old.c.key == key).scalar_subquery()


def _facet(name: str, place: int) -> Column:
    """Give the tags of a facet that an item has itself, without what is above them."""
    below = exists().where(
        tag_relation.c.other == tag.c.id,
        tag_relation.c.kind == "broader",
        tag_relation.c.tag == any_(item.c.tag_ids),
    )
    own = select(tag.c.id).where(tag.c.id == any_(item.c.tag_ids), tag.c.facet == name, ~below)
    return func.array(own.order_by(tag.c.id).scalar_subquery()).label(f"f{place}")


def _age(catalog: Catalog, moment: datetime) -> Column:
    """Tell for how many seconds an item has been on offer."""
    begins = catalog.lifetime.begins
    since = column_of(begins, catalog.item[begins]) if begins else item.c.added_at
    return cast(func.extract("epoch", literal(moment) - since), Double())
