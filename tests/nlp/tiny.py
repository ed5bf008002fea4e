"""A taxonomy so small that the right answers are obvious."""

from nlp.compiling import build_lexicon
from nlp.lexicon import Label, Lexicon, TagEntry

TAGS = (
    (1, "clothing", "category", ()),
    (2, "dress", "category", (1,)),
    (3, "jeans", "category", (1,)),
    (4, "fruit", "category", ()),
    (5, "apple-fruit", "category", (4,)),
    (6, "phone", "category", ()),
    (7, "phone-case", "category", (6,)),
    (10, "apple", "brand", ()),
    (11, "nike", "brand", ()),
    (12, "samsonite", "brand", ()),
    (13, "loreal", "brand", ()),
    (20, "iphone", "series", (10,)),
    (30, "red", "color", ()),
    (31, "gold", "color", ()),
    (32, "golden", "material", ()),
    (40, "high-waist", "style", ()),
    (41, "straight", "style", ()),
)
LABELS = {
    1: "zh:服装 en:Clothing",
    2: "zh:连衣裙 zh+裙子 zh-连衣群 en:Dress",
    3: "zh:牛仔裤 en:Jeans",
    4: "zh:水果 en:Fruit",
    5: "zh:苹果 en:Apple",
    6: "zh:手机 en:Phone",
    7: "zh:手机壳 en:Phone_Case",
    10: "zh:苹果 en:Apple",
    11: "zh:耐克 en:Nike",
    12: "en:Samsonite",
    13: "zh:欧莱雅 en:L'Oréal",
    20: "en:iPhone",
    30: "zh:红色 zh+红 en:Red",
    31: "zh:金色 en:Gold",
    32: "zh:黄金 en:Gold",
    40: "zh:高腰",
    41: "zh:直筒裤",
}
KINDS = {":": "preferred", "+": "synonym", "-": "hidden"}


def labels(tag: int) -> tuple[Label, ...]:
    """Labels of one tag."""
    words = LABELS[tag].split()
    return tuple(Label(tag, w[:2], KINDS[w[2]], w[3:].replace("_", " ")) for w in words)


def entries() -> list[TagEntry]:
    """All tags."""
    return [TagEntry(*row) for row in TAGS]


def tiny(*more: Label) -> Lexicon:
    """The whole of it, and what is added."""
    known = [label for tag in LABELS for label in labels(tag)]
    return build_lexicon(entries(), [*known, *more])


def said(annotation) -> list[tuple[str, int]]:
    """Mentions as written, and their tags."""
    return [(annotation.text[s.start : s.end], s.tag) for s in annotation.spans]
