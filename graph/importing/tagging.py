"""Tags that items and users name by key: found, made where the spec allows, or refused."""

from collections.abc import Mapping

import polars as pl

from graph.catalog import Attribute, TagAttribute
from graph.importing.batches import Batch
from graph.importing.loads import Load
from graph.importing.names import label_of, normals
from graph.importing.queries import ABOVE, ADD_TAGS, NAME_TAGS, TAGS

Tags = Mapping[str, tuple[int, str]]


def checked_tags(load: Load, batch: Batch, attributes: Mapping[str, Attribute]) -> Batch:
    """Refuse the rows that name a tag they may not name."""
    asked = _tag_attributes(attributes)
    named = _named(batch.frame, asked)
    return _refuse(batch, named, _known(load, named["key"]), asked)[0]


def with_tags(
    load: Load, batch: Batch, attributes: Mapping[str, Attribute]
) -> tuple[Batch, pl.DataFrame, int]:
    """Resolve tag attributes: the rows that stay, their tags by row, and how many tags are new."""
    asked = _tag_attributes(attributes)
    named = _named(batch.frame, asked)
    tags = _known(load, named["key"])
    batch, named = _refuse(batch, named, tags, asked)
    new = _make(load, named.filter(~pl.col("key").is_in(list(tags))), asked)
    if new:
        tags = _known(load, named["key"])
        batch, named = _refuse(batch, named, tags, asked)
    ids = pl.DataFrame({"key": list(tags), "tag": [number for number, _ in tags.values()]})
    ids = ids.cast({"key": pl.String, "tag": pl.Int32})
    return batch, named.join(ids, "key", maintain_order="left").select("row", "tag"), new


def arrays_of(load: Load, tagged: pl.DataFrame) -> pl.DataFrame:
    """Give each row its own tags, and all above them too, as arrays."""
    asked = {"tags": tagged["tag"].unique().to_list()}
    above = pl.DataFrame(
        list(load.connection.execute(ABOVE, asked)),
        {"tag": pl.Int32, "above": pl.Int32},
        orient="row",
    )
    return (
        tagged.join(above, "tag")
        .group_by("row")
        .agg(_array(pl.col("tag")).alias("own"), _array(pl.col("above")).alias("tags"))
    )


def _tag_attributes(attributes: Mapping[str, Attribute]) -> dict[str, TagAttribute]:
    return {name: a for name, a in attributes.items() if isinstance(a, TagAttribute)}


def _array(numbers: pl.Expr) -> pl.Expr:
    listed = numbers.unique().sort().cast(pl.String).str.join(",")
    return pl.concat_str(pl.lit("{"), listed, pl.lit("}"))


def _named(frame: pl.DataFrame, asked: Mapping[str, TagAttribute]) -> pl.DataFrame:
    """List which row names which tag in which attribute, in the order of the rows."""
    parts = [_parts(frame, name, attribute.many) for name, attribute in asked.items()]
    empty = pl.DataFrame(schema={"row": pl.Int64, "attribute": pl.String, "key": pl.String})
    return pl.concat([empty, *parts]).drop_nulls("key").sort("row", maintain_order=True)


def _parts(frame: pl.DataFrame, name: str, many: bool) -> pl.DataFrame:
    part = frame.select("row", pl.lit(name).alias("attribute"), pl.col(name).alias("key"))
    return part.explode("key") if many else part


def _known(load: Load, keys: pl.Series) -> Tags:
    asked = {"keys": keys.unique().to_list()}
    rows = load.connection.execute(TAGS, asked) if asked["keys"] else ()
    return {key: (number, facet) for key, number, facet in rows}


def _refuse(
    batch: Batch, named: pl.DataFrame, tags: Tags, asked: Mapping[str, TagAttribute]
) -> tuple[Batch, pl.DataFrame]:
    bad = _problems(named, tags, asked)
    if not bad:
        return batch, named
    pairs = pl.DataFrame(list(bad), {"attribute": pl.String, "key": pl.String}, orient="row")
    hits = named.join(pairs, ["attribute", "key"], how="semi")
    reasons = {row: (name, bad[name, key]) for row, name, key in reversed(hits.rows())}
    return batch.without(reasons), named.filter(~pl.col("row").is_in(list(reasons)))


def _make(load: Load, named: pl.DataFrame, asked: Mapping[str, TagAttribute]) -> int:
    pairs = named.select("attribute", "key").unique("key", keep="first", maintain_order=True)
    if pairs.is_empty():
        return 0
    load.lock("tag")
    facets = [asked[name].facet for name in pairs["attribute"]]
    made = load.connection.execute(
        ADD_TAGS, {"keys": pairs["key"].to_list(), "facets": facets}
    ).all()
    texts = [label_of(key) for _, key in made]
    labels = {"tags": [number for number, _ in made], "texts": texts, "normals": normals(texts)}
    load.connection.execute(NAME_TAGS, labels)
    load.marks["tag"] += len(made)
    return len(made)


def _problems(
    named: pl.DataFrame, tags: Tags, asked: Mapping[str, TagAttribute]
) -> dict[tuple[str, str], str]:
    facets = {key: facet for key, (_, facet) in tags.items()}
    bad: dict[tuple[str, str], str] = {}
    pairs = named.select("attribute", "key").unique(maintain_order=True)
    for name, key in pairs.iter_rows():
        attribute = asked[name]
        if key not in facets and attribute.unknown == "reject":
            bad[name, key] = f"no tag of the facet {attribute.facet} has the key '{key}'"
        elif facets.setdefault(key, attribute.facet) != attribute.facet:
            bad[name, key] = f"the tag '{key}' is of the facet {facets[key]}, not {attribute.facet}"
    return bad
