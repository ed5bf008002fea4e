"""Which side each feature stands on: it follows from what it is of."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from graph.catalog import Catalog
from ranking.features.sources import (
    ASKED,
    CHANGED,
    ITEM,
    KEYS,
    NUMBERS,
    TIMES,
    WORDS,
    attributes,
    check_source,
    split,
)
from ranking.features.spec import (
    Age,
    AnyFeature,
    Cross,
    Number,
    Past,
    Position,
    Scaled,
    Statistic,
    Tags,
    Word,
    Words,
)
from weft.errors import BuildError
from weft.spec import unknown

Place = Literal["asks", "items", "pairs"]
Side = Literal["asks", "items", "pairs", "bias"]
Given = Mapping[str, AnyFeature]


def side_of(name: str, features: Given) -> Side:
    """Tell whether a feature is of who asks, of the item, of both, or a bias."""
    return "bias" if is_bias(name, features) else place_of(name, features)


def is_bias(name: str, features: Given) -> bool:
    """Tell whether a feature has to do with how items are shown."""
    feature = features[name]
    if isinstance(feature, Cross):
        return feature.bias or any(is_bias(part, features) for part in feature.of)
    return isinstance(feature, Position) or (isinstance(feature, Word) and feature.bias)


def place_of(name: str, features: Given) -> Place:
    """Tell of which subjects a feature is worked out: of asks, items or pairs."""
    feature = features[name]
    if isinstance(feature, Cross):
        return joined(place_of(part, features) for part in feature.of)
    if isinstance(feature, Statistic):
        return joined(source_place(source) for source in feature.of)
    if isinstance(feature, Past | Tags):
        return "asks" if isinstance(feature, Past) else "items"
    return "pairs" if isinstance(feature, Position) else source_place(feature.of)


def source_place(source: str) -> Place:
    """Tell which subjects have a source."""
    return "items" if split(source)[0] == ITEM else "asks"


def joined(places: Iterable[Place]) -> Place:
    """Give what has to do with all of these."""
    found = set(places)
    return found.pop() if len(found) == 1 else "pairs"


def is_one(feature: AnyFeature) -> bool:
    """Tell whether a feature is one code."""
    if isinstance(feature, Scaled):
        return feature.scale in ("quantile", "log")
    return isinstance(feature, Word | Cross | Position)


def table_of(name: str, features: Given) -> str:
    """Name the table of embeddings that a feature reads."""
    feature = features[name]
    return feature.table if isinstance(feature, Word) and feature.table else name


def check_features(features: Given, catalog: Catalog) -> None:
    """Raise a `ValueError` that begins with the name of a feature that does not fit."""
    plain = catalog.model_dump()
    for name, feature in features.items():
        try:
            _check_sources(feature, plain)
            _check_parts(name, feature, features)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None


def insist(features: Given, catalog: Catalog) -> None:
    """Raise a `BuildError` where features do not fit."""
    try:
        check_features(features, catalog)
    except ValueError as error:
        raise BuildError(f"ranking.features.{error}") from None


def _check_sources(feature: AnyFeature, catalog: Mapping[str, Any]) -> None:
    match feature:
        case Word():
            check_source(feature.of, "word", catalog, WORDS, (*KEYS, *ASKED))
        case Number():
            check_source(feature.of, "number", catalog, NUMBERS)
        case Age():
            check_source(feature.of, "time", catalog, TIMES)
        case Words():
            check_source(feature.of, "word list", catalog, WORDS, many=True)
        case Statistic():
            for one in feature.of:
                check_source(one, "word", catalog, WORDS, (*KEYS, "scene"))
    if isinstance(feature, Word | Number) and feature.dated is not None:
        _check_dated(feature, feature.dated, catalog)


def _check_dated(feature: Word | Number, dated: str, catalog: Mapping[str, Any]) -> None:
    table, _ = split(feature.of)
    if not table:
        raise ValueError(f"'{feature.of}' is known when it is asked; leave `dated` out")
    names = [CHANGED, *attributes(catalog, table, TIMES)]
    if dated not in names:
        raise ValueError(unknown(f"{table} time", dated, names))


def _check_parts(name: str, feature: AnyFeature, features: Given) -> None:
    match feature:
        case Word(table=str(other)):
            _check_table(name, other, features)
        case Cross():
            _check_cross(name, feature, features)
        case Past():
            for one in feature.by:
                _check_step(one, features)
        case Statistic() if feature.window % feature.every:
            raise ValueError("`window` has to be a multiple of `every`")


def _check_table(name: str, other: str, features: Given) -> None:
    found = features.get(other)
    if not isinstance(found, Word) or found.table is not None or other == name:
        words = [n for n, f in features.items() if isinstance(f, Word) and f.table is None]
        raise ValueError(unknown("other word", other, set(words) - {name}))


def _check_cross(name: str, feature: Cross, features: Given) -> None:
    ones = [n for n, f in features.items() if is_one(f) and not isinstance(f, Cross)]
    for part in feature.of:
        if part not in ones:
            raise ValueError(unknown("word, number in buckets or position", part, ones))
    if len(set(feature.of)) < len(feature.of):
        raise ValueError("a feature is crossed with itself; name each once")


def _check_step(name: str, features: Given) -> None:
    words = [
        n
        for n, f in features.items()
        if isinstance(f, Word) and not f.bias and split(f.of)[0] == ITEM
    ]
    if name not in words:
        raise ValueError(unknown("item word", name, words))
