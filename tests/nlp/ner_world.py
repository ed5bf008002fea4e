"""A shop of two brands' lists and a few products: who reads it knows all answers."""

import random

from nlp.ner.samples import Sample, Span
from nlp.ner.settings import NerSettings

BRANDS = ("安踏", "耐克", "李宁", "特步", "apple", "nike")
PRODUCTS = ("跑步鞋", "帆布鞋", "连衣裙", "羽绒服", "手机壳", "充电器")
FILLERS = ("新款", "包邮", "夏季", "男女", "正品", "2024", " ", "特价", "官方")
GAZETTEERS = {"brand": BRANDS[:4], "product": PRODUCTS[:4]}
SETTINGS = NerSettings(hidden=16, dilations=(1, 2), epochs=6, batch=8, rare_pairs=1, averaging=0.9)


def titles(count: int, seed: int) -> list[Sample]:
    """Titles of a brand, fillers and a product."""
    chance = random.Random(seed)
    return [_title(chance) for _ in range(count)]


def _title(chance: random.Random) -> Sample:
    parts = [("", w) for w in chance.sample(FILLERS, 3)]
    parts.insert(chance.randint(0, 3), ("brand", chance.choice(BRANDS)))
    parts.insert(chance.randint(0, 4), ("product", chance.choice(PRODUCTS)))
    text, spans = "", []
    for label, word in parts:
        spans += [Span(len(text), len(text) + len(word), label)] if label else []
        text += word
    return Sample(text, tuple(spans))
