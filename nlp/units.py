"""Sizes, units, counts and ranges in folded text: `42码`, `256gb`, `3xl`, `200-500元`."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

Dimension = Literal[
    "size", "storage", "volume", "weight", "length", "charge", "power", "count", "time", "price",
    "share", "number",
]  # fmt: skip

UNITS: dict[Dimension, str] = {
    "size": "码 号码 尺码",
    "storage": "tb t gb g内存 mb",
    "volume": "ml 毫升 l 升 cl fl.oz",
    "weight": "kg 公斤 千克 g 克 mg 毫克 斤 两 lb lbs oz 磅 吨",
    "length": "cm 厘米 公分 mm 毫米 m 米 km 英寸 寸 inch inches 尺 ft",
    "charge": "mah 毫安",
    "power": "w 瓦 kw 千瓦 匹",
    "count": "件 只 支 个 片 包 袋 瓶 盒 套 双 条 张 本 枚 粒 颗 卷 箱 罐 pcs pc pack packs pairs",
    "time": "小时 课时 分钟 天 个月 年 min mins minutes hours hour h days day months years",
    "price": "元 块钱 块 rmb 人民币 usd dollars dollar yuan 美元 美金 cny",
    "share": "% 折 成新 新",
}
SIGNS = {"¥": "元", "$": "usd", "€": "eur", "£": "gbp"}
DIGITS, LETTERS = 1, 2  # what a text has to show before it is searched
_DIMENSION: dict[str, Dimension] = {
    unit.replace(".", " "): name for name, units in UNITS.items() for unit in units.split()
}
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = "|".join(map(re.escape, sorted(_DIMENSION, key=len, reverse=True)))
_COUNTED = re.compile(
    rf"""(?P<low>{_NUMBER})(?:\s?[-~至到]\s?[¥$€£]?(?P<high>{_NUMBER}))?
    (?:\s?(?P<unit>{_UNIT})(?![a-z])装?)?
    (?:\s?[*x×]\s?(?P<times>{_NUMBER})(?P<after>{_UNIT})?(?![a-z0-9]))?""",
    re.VERBOSE | re.ASCII,
)
_LAST_BEFORE = frozenset("¥$€£uske ")  # what a sign or a scale may end in
_BEFORE = re.compile(r"(?:(?P<sign>[¥$€£])|(?P<scale>\b(?:eu|us|uk|size)))\s?$", re.ASCII)
_MEMORY = re.compile(
    r"\b(?P<low>\d{1,2})(?:gb?)?\s?\+\s?(?P<high>\d+)(?P<unit>gb?|tb?)\b", re.ASCII
)
_BODY = re.compile(r"\b(?P<low>\d{2,3})/(?P<high>\d{2,3})[a-c]\b", re.ASCII)
_LETTERS = re.compile(r"(?<![\w'-])(?:\d?x{1,4}[ls]|[sml])(?![\w'*-])|均码", re.ASCII)


_LONGEST = 48  # characters; what is longer measures nothing


class Measure(NamedTuple):
    """A number with its meaning; `high` equals `value` unless it is a range."""

    start: int
    end: int
    dimension: Dimension
    value: float
    high: float
    unit: str
    times: float = 1.0


def measures(text: str, signs: int = DIGITS | LETTERS) -> list[Measure]:
    """All measures of a folded text in order, offsets into the folded text."""
    every = list(lettered(text)) if signs & LETTERS else []
    if signs & DIGITS:
        every += numbered(text)
    if len(every) < 2:
        return every
    found: list[Measure] = []
    for measure in sorted(every, key=lambda one: (one.start, -one.end)):
        if not found or measure.start >= found[-1].end:
            found.append(measure)
    return found


def lettered(text: str) -> Iterator[Measure]:
    """Sizes in letters, which stand for no number."""
    for match in _LETTERS.finditer(text):
        yield Measure(*match.span(), "size", 0.0, 0.0, match[0])


def numbered(text: str) -> Iterator[Measure]:
    """Matches of all patterns with digits."""
    for match in _COUNTED.finditer(text):
        if match.end() - match.start() <= _LONGEST:
            yield counted(match, text)
    if "+" in text:
        for match in _MEMORY.finditer(text):
            unit = match["unit"].removesuffix("b") + "b"
            low, high = float(match["low"]), float(match["high"])
            yield Measure(*match.span(), "storage", high, high, unit, low)
    if "/" in text:
        for match in _BODY.finditer(text):
            value = float(match["low"])
            yield Measure(*match.span(), "size", value, value, match[0])


def counted(match: re.Match[str], text: str) -> Measure:
    """A number with what stands around it."""
    start, end = match.span()
    near = start and text[start - 1] in _LAST_BEFORE
    before = _BEFORE.search(text, max(0, start - 6), start) if near else None
    if before is None:
        return Measure(start, end, *meaning(match[0]))
    sign, rest = before["sign"], meaning(match[0])[1:3]
    unit = SIGNS[sign] if sign else before["scale"]
    return Measure(before.start(), end, "price" if sign else "size", *rest, unit)


@lru_cache(maxsize=1 << 15)
def meaning(written: str) -> tuple[Dimension, float, float, str, float]:
    """Dimension, lowest and highest value, unit, and how many times."""
    found = _COUNTED.fullmatch(written)
    if found is None:
        return ("number", 0.0, 0.0, "", 1.0)
    digits, more, unit, times, after = found.groups()
    low = number(digits)
    high = number(more) if more else low
    unit = unit or after or ""
    many = number(times) if times else 1.0
    return (_DIMENSION.get(unit, "number"), min(low, high), max(low, high), unit, many)


def number(text: str) -> float:
    """Digits with or without thousands."""
    return float(text.replace(",", ""))
