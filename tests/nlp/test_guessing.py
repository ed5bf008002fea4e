import random
from dataclasses import replace

from nlp.guessing.cutting import cut
from nlp.guessing.names import guess_names, with_names
from nlp.guessing.stretches import stretches
from nlp.ner.samples import Sample, Span

WORDS = {
    "brand": ["安踏", "耐克", "李宁", "特步", "彪马", "匡威", "鸿星", "回力"],
    "color": ["红色", "蓝色", "绿色", "紫色", "黄色", "黑色", "白色", "灰色"],
    "product": ["跑鞋", "裙子", "短袜", "背包", "手表", "帽子", "外套", "大衣"],
}


def titles(count: int, unknown: set[str]) -> list[Sample]:
    """Titles of one word of each kind, in any order, with the unknown ones open."""
    chance = random.Random(1)
    return [_title(chance, unknown) for _ in range(count)]


def _title(chance: random.Random, unknown: set[str]) -> Sample:
    text, spans = "", list[Span]()
    for label in chance.sample(sorted(WORDS), 3):
        word = chance.choice(WORDS[label])
        if word not in unknown:
            spans.append(Span(len(text), len(text) + len(word), label))
        text += word
    return Sample(text, tuple(spans), partial=True)


def test_stretches_end_at_signs_and_beside_chinese_blanks() -> None:
    sample = Sample("Rose Gold 金表【T-shirt】耐克", (Span(21, 23, "brand"),), partial=True)
    found = [[sample.text[a:b] for a, b in one.pieces] for one in stretches([sample])]
    assert found == [["Rose", "Gold"], ["金", "表"], ["T-shirt"]]


def test_whole_samples_have_nothing_open() -> None:
    assert not list(stretches([Sample("耐克跑鞋", (Span(0, 2, "brand"),))]))


def test_neighbours_that_also_stand_alone_are_cut_apart() -> None:
    samples = [
        Sample(text, (), partial=True) for text in ("彪马", "黑色", "彪马", "黑色", "彪马黑色")
    ]
    assert cut(samples, list(stretches(samples)))[-1] == [(0, 2), (2, 4)]


def test_a_name_is_what_its_titles_lack() -> None:
    samples = titles(400, {"回力", "灰色", "大衣"})
    names = guess_names(samples)
    assert {(name.word, name.label) for name in names} == {
        ("回力", "brand"),
        ("灰色", "color"),
        ("大衣", "product"),
    }
    known = with_names(samples, names)
    assert all(len(sample.spans) == 3 for sample in known)
    assert [sample.text for sample in known] == [sample.text for sample in samples]


def test_nothing_is_guessed_where_most_is_unknown() -> None:
    samples = titles(200, {word for some in WORDS.values() for word in some[2:]})
    assert guess_names(samples) == []


def test_nothing_is_guessed_from_nothing() -> None:
    assert guess_names([]) == []
    assert guess_names([Sample("耐克", (), partial=True)] * 3) == []
    assert guess_names([replace(one, partial=False) for one in titles(20, {"回力"})]) == []
