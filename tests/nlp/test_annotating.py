import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.annotating import annotate
from nlp.lexicon import Label
from nlp.normal import normal
from tests.nlp.tiny import said, tiny

WORDS = """
红色 裙子 连衣群 苹果 手机壳 手机 高腰 直筒裤 女 网红 ＲＥＤ 連衣裙 🔥 【包邮】 42码 500ml*2 XL
Nike nikes Samsonitte iPhone 15 gold L'Oréal é ß ﬁ ㎏ ¼ - ' . \u200d \u0301 \ud800 \u202e שלום
"""
PIECES = [*WORDS.split(), " "]
TITLES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
ANY = st.one_of(TITLES, st.text(st.characters(codec=None), max_size=30))


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_spans_reproduce_the_original(lexicon, text):
    read = annotate([text], lexicon)[0]
    ends = [(one.start, one.end) for one in (*read.spans, *read.measures)] + list(read.tokens)
    assert all(0 <= start < end <= len(text) for start, end in ends)
    assert read.text == text
    for spans in (read.spans, read.measures):
        pairs = pairwise(spans)
        assert all(one.end <= other.start for one, other in pairs)


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_tagging_is_idempotent_under_normalisation(lexicon, text):
    once, again = annotate([text, normal(text)], lexicon)
    assert [(normal(word), tag) for word, tag in said(once)] == said(again)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY, max_size=8))
def test_a_batch_is_each_alone(lexicon, texts):
    alone = [annotate([text], lexicon)[0] for text in texts]
    assert annotate(texts, lexicon) == alone


UNRELATED = tiny(Label(2, "ru", "synonym", "юбка"), Label(40, "zh", "synonym", "龘靐"))


@settings(max_examples=100, deadline=None)
@given(TITLES)
def test_an_unrelated_label_changes_nothing(lexicon, text):
    before, after = annotate([text], lexicon)[0], annotate([text], UNRELATED)[0]
    assert before == after._replace(lexicon=before.lexicon)


HOSTILE = {
    "one line": "红色连衣裙Nike 42码 苹果 ",
    "joiners": "红\u200d色\u200d",
    "right to left": "\u202eשלום red ",
    "surrogates": "\ud83d红\udc00",
    "one label": "苹果",
    "one word": "ikenikenike",
    "digits": "1,111",
    "multiplied": "1x",
    "marks": "e\u0301\u0301",
    "unfolding": "ﷺ㍿",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(lexicon, name):
    piece = HOSTILE[name]
    small = piece * (40_000 // len(piece))
    annotate([small[:100]], lexicon)
    assert min(seconds(small * 4, lexicon) for _ in range(2)) < 9 * max(
        0.01, min(seconds(small, lexicon) for _ in range(2))
    )


def seconds(text, lexicon):
    begin = time.process_time()
    annotate([text], lexicon)
    return time.process_time() - begin


def test_a_line_of_a_megabyte_is_read(lexicon):
    read = annotate(["红色连衣裙 Nike " * 100_000], lexicon)[0]
    assert len(read.text) > 1_000_000
    assert len(read.spans) == 300_000


def test_ten_thousand_repeats_of_one_label(lexicon):
    assert len(annotate(["苹果" * 10_000], lexicon)[0].spans) == 10_000


def test_keywords_are_mentions_and_words(lexicon):
    read = annotate(["新款 Nike 红色连衣裙 显瘦 42码 的"], lexicon)[0]
    assert read.keywords == ("nike", "红色", "连衣裙", "显瘦")


def test_nothing_is_read_out_of_nothing(lexicon):
    assert annotate([], lexicon) == []
    assert annotate(["", " ", "🔥"], lexicon)[2].spans == ()
