"""What has to be read for features: attributes of things, deeds of persons, counts of events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ranking.features.moments import Clock, micros_of
from ranking.features.sides import Given
from ranking.features.sources import ITEM, split
from ranking.features.spec import Age, AnyFeature, Number, Statistic, Tags, Word, Words
from weft.events import Events

PERSON_KEY = "person.key"
TallyKey = tuple[tuple[str, ...], int]  # of what, how often


@dataclass(frozen=True)
class Wanted:
    """Attributes of one table; lists by the feature that they are for."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    times: tuple[str, ...]
    lists: Mapping[str, Words]
    tags: Mapping[str, Tags]

    def most(self) -> dict[str, int]:
        """Tell how many words each list has."""
        lists = {name: one.most for name, one in self.lists.items()}
        return lists | {name: one.most for name, one in self.tags.items()}


def wanted(features: Given, table: str) -> Wanted:
    """List what features need of items or of persons."""
    words, numbers, times = set[str](), set[str](), set[str]()
    for feature in features.values():
        found = {source for source in _sources(feature) if split(source)[0] == table}
        names = {split(source)[1] for source in found}
        kind = {Number: numbers, Age: times}.get(type(feature), words)
        kind |= names
        if names and isinstance(feature, Word | Number) and feature.dated is not None:
            times.add(feature.dated)
    lists = {
        name: f for name, f in features.items() if isinstance(f, Words) and f.of.startswith(table)
    }
    tags = {n: f for n, f in features.items() if isinstance(f, Tags) and table == ITEM}
    plain = words - {"key"}
    sorts = [tuple(sorted(some)) for some in (plain, numbers, times)]
    return Wanted(sorts[0], sorts[1], sorts[2], lists, tags)


def _sources(feature: AnyFeature) -> Iterable[str]:
    match feature:
        case Word() | Number() | Age():
            return [feature.of]
        case Statistic():
            return feature.of
    return []


@dataclass(frozen=True)
class Tallying:
    """Events to be counted: of what, of which kinds, how often, how far back."""

    of: tuple[str, ...]
    kinds: tuple[str, ...]
    every: int
    reach: int  # how far before a tick counts go
    slow: int  # the longest delay
    fast: int  # the shortest

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the time that requests between two moments need the events of."""
        ticks = ((first - self.slow) // self.every, (last - self.fast) // self.every)
        return ticks[0] * self.every - self.reach, ticks[1] * self.every

    @property
    def own(self) -> bool:
        """Tell whether it is of single persons, and so is read for those who ask."""
        return PERSON_KEY in self.of


def clock_of(feature: Age | Statistic) -> Clock:
    """Give the clock that a feature goes by."""
    delay = feature.delay if isinstance(feature, Statistic) else None
    return Clock(micros_of(feature.every), micros_of(delay) if delay else 0)


def tallying_key(feature: Statistic) -> TallyKey:
    """Name the counts that a statistic is taken from; several may share them."""
    return tuple(feature.of), micros_of(feature.every)


def tallyings(features: Given) -> dict[TallyKey, Tallying]:
    """List what has to be counted."""
    groups: dict[TallyKey, list[Statistic]] = {}
    for feature in features.values():
        if isinstance(feature, Statistic):
            groups.setdefault(tallying_key(feature), []).append(feature)
    return {key: _tallying(key, some) for key, some in groups.items()}


def _tallying(key: TallyKey, statistics: Sequence[Statistic]) -> Tallying:
    delays = [clock_of(one).slow for one in statistics]
    return Tallying(
        of=key[0],
        kinds=tuple(sorted({kind for one in statistics for kind in (*one.events, *one.per)})),
        every=key[1],
        reach=max(micros_of(one.window) for one in statistics),
        slow=max(delays),
        fast=min(delays),
    )


def with_kinds(features: Given, events: Events) -> dict[str, AnyFeature]:
    """Fill in which kinds of event pasts are made of."""
    usual = list(events.positive)
    return {
        name: feature.model_copy(update={"kinds": feature.kinds or usual})
        if feature.type == "past"
        else feature
        for name, feature in features.items()
    }
