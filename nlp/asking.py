"""What a query asks for: tags, keywords, a price, an order.

>>> asked = ask("latest nike shoes under 300", lexicon)
>>> asked.order, asked.price
('newest', Price(low=None, high=300.0, currency=None))
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation, Span
from nlp.folding import Folded, decode, fold
from nlp.lexicon import Lexicon
from nlp.normal import normal
from nlp.units import SIGNS, number

Order = Literal["newest", "cheapest", "dearest", "popular", "rated"]
Place = tuple[int, int]

ORDERS: dict[Order, str] = {
    "newest": r"最?新款|最新|新品|新上架|刚上架|\b(?:latest|newest|new arrivals?|just in)\b",
    "cheapest": r"最便宜的?|便宜的?|低价|实惠|平价|\b(?:cheapest|cheap|lowest price|budget)\b",
    "dearest": r"最贵的?|高价|\b(?:most expensive|priciest|dearest)\b",
    "popular": r"热门|热销|畅销|爆款|\b(?:popular|best[ -]?sell(?:ing|ers?)|trending|hottest)\b",
    "rated": r"好评|口碑好?|评分高|\b(?:top[ -]rated|best[ -]rated|highest rated)\b",
}
_ORDERS = {name: re.compile(pattern, re.ASCII) for name, pattern in ORDERS.items()}
_CASH = r"元|块钱|块|rmb|cny|yuan|人民币|usd|dollars?|bucks|美元|美金"
_AMOUNT = r"[¥$€£]?\s?\d+(?:,\d{3})*(?:\.\d+)?"
_LATIN_UNITS = r"(?:ml|kg|cm|mm|gb|tb|mah|g|l|m|w|oz|lb|pcs|inch(?:es)?|hours?|years?)(?![a-z])"
_END = rf"(?![\d.]*\d)(?![a-z])(?!\s?(?:{_LATIN_UNITS}|[%码寸克斤升米件岁]))"
_SIZED = re.compile(r"\b(?:size|eu|us|uk)\s?$", re.ASCII)
_WORTH = rf"(?P<low>{_AMOUNT})\s?(?P<cash>{_CASH})?"
_UNTIL = rf"\s?(?:{_CASH})?\s?(?:-|~|到|至|\band\b|\bto\b)\s?"
_PAIR = rf"(?P<low>{_AMOUNT}){_UNTIL}(?P<high>{_AMOUNT})\s?(?P<cash>{_CASH})?"
_LESS = r"低于|不超过|小于|少于|不到|最多|\b(?:under|below|less than|up to|at most|max|within)"
_MORE = r"高于|超过|大于|至少|不低于|\b(?:over|above|more than|at least|from|min)"
_BELOW, _ABOVE, _AROUND, _BETWEEN = "below", "above", "around", "between"
_PRICES = (
    (_BETWEEN, rf"(?:\b(?:between|from)\s)?{_PAIR}{_END}(?:之间)?"),
    (_BELOW, rf"{_WORTH}(?:以下|以内|之内|封顶|内)"),
    (_BELOW, rf"(?:{_LESS})\s?{_WORTH}{_END}"),
    (_ABOVE, rf"{_WORTH}(?:以上|起|往上)"),
    (_ABOVE, rf"(?:{_MORE})\s?{_WORTH}{_END}"),
    (_AROUND, rf"{_WORTH}(?:左右|上下)"),
    (_AROUND, rf"\b(?:around|about|roughly)\s{_WORTH}{_END}"),
    (_AROUND, rf"(?P<low>[¥$€£]\s?\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<cash>){_END}"),
)
_FOUND = tuple((name, re.compile(rf"(?<![\d.]){pattern}", re.ASCII)) for name, pattern in _PRICES)
_CURRENCIES = dict.fromkeys(("元", "块钱", "块", "rmb", "yuan", "人民币"), "cny")
_CURRENCIES |= dict.fromkeys(("dollar", "dollars", "bucks", "美元", "美金"), "usd")
_NEAR = 0.2
LONGEST = 1000


class Price(NamedTuple):
    """Bounds, both included; the currency where one is named."""

    low: float | None
    high: float | None
    currency: str | None = None


class Asked(NamedTuple):
    """A query in parts; all places are offsets into `text`."""

    text: str
    read: Annotation  # of the same text with blanks where price and order stand
    price: Price | None
    price_at: Place | None
    order: Order | None
    order_at: Place | None

    @property
    def rest(self) -> str:
        """What price and order leave, in the form that is compared."""
        return normal(self.read.text)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Mentions of tags."""
        return self.read.spans

    @property
    def tags(self) -> tuple[int, ...]:
        """Tags by first appearance."""
        return self.read.tags

    @property
    def keywords(self) -> tuple[str, ...]:
        """Mentions and other words of the rest."""
        return self.read.keywords


def ask(text: str, lexicon: Lexicon, reading: Reading | None = None) -> Asked:
    """Read a query with a lexicon."""
    return taken_apart(text, lambda rest: annotate([rest], lexicon, reading)[0])


def wishes(text: str) -> tuple[Price | None, Order | None]:
    """Read the price and the order that a query asks for; no lexicon is needed.

    >>> wishes("cheapest shoes under 300")
    (Price(low=None, high=300.0, currency=None), 'cheapest')
    """
    asked = taken_apart(text, _unread)
    return asked.price, asked.order


def bare(text: str) -> str:
    """What price and order leave of a query, in the form that is compared.

    >>> bare("Latest NIKE shoes under 300")
    'nike shoes'
    """
    return taken_apart(text, _unread).rest


def _unread(rest: str) -> Annotation:
    return Annotation(rest, "", (), (), (), ())


def taken_apart(text: str, read: Callable[[str], Annotation]) -> Asked:
    """Read a query in a way of one's own; nobody means what comes after a thousand characters."""
    text = text[:LONGEST]
    folded = fold([text])
    whole = decode(folded.codes)
    price, priced_at = priced(whole)
    order, ordered_at = ordered(blanked(whole, priced_at))
    price_at, order_at = placed(folded, priced_at), placed(folded, ordered_at)
    rest = blanked(blanked(text, price_at), order_at)
    return Asked(text, read(rest), price, price_at, order, order_at)


def placed(folded: Folded, found: Place | None) -> Place | None:
    """The same stretch in the original text."""
    return (int(folded.first[found[0]]), int(folded.last[found[1] - 1])) if found else None


def blanked(text: str, place: Place | None) -> str:
    """The text with blanks in place of a stretch."""
    if place is None:
        return text
    start, end = place
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def priced(text: str) -> tuple[Price | None, Place | None]:
    """The first price in a folded text, and where it stands."""
    for name, pattern in _FOUND:
        for match in pattern.finditer(text):
            sized = _SIZED.search(text, 0, match.start())
            if not sized and (price := price_of(name, match)):
                return price, match.span()
    return None, None


def price_of(name: str, match: re.Match[str]) -> Price | None:
    """Bounds out of a match; a bare small range such as `3-5` is no price."""
    groups = match.groupdict()
    low, high = amount(match["low"]), amount(groups.get("high") or match["low"])
    currency = currency_of(match["low"], groups.get("high"), match["cash"])
    if name == _BETWEEN:
        bare = currency is None and not match[0].startswith(("between", "from"))
        year = 1900 < low < high < 2100
        return (
            None
            if bare and (high < 10 or low > high or year)
            else Price(min(low, high), max(low, high), currency)
        )
    if name == _BELOW:
        return Price(None, low, currency)
    if name == _ABOVE:
        return Price(low, None, currency)
    return Price(round(low * (1 - _NEAR), 2), round(low * (1 + _NEAR), 2), currency)


def amount(written: str) -> float:
    """The number without its sign."""
    return number(written.lstrip("¥$€£ "))


def currency_of(low: str, high: str | None, cash: str | None) -> str | None:
    """As a code of three letters."""
    sign = next((part[0] for part in (low, high) if part and part[0] in SIGNS), None)
    name = cash or (SIGNS[sign] if sign else None)
    return _CURRENCIES.get(name, name) if name else None


def ordered(text: str) -> tuple[Order | None, Place | None]:
    """The order that a folded text asks for, and where it does."""
    found = [(match.span(), name) for name, match in order_matches(text)]
    if not found:
        return None, None
    place, name = min(found)
    return name, place


def order_matches(text: str) -> Iterator[tuple[Order, re.Match[str]]]:
    """Words for each order."""
    for name, pattern in _ORDERS.items():
        if match := pattern.search(text):
            yield name, match
