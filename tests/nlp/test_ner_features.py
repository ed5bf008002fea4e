import jieba
import numpy as np

from nlp.ner.features import learn_features
from nlp.ner.letters import codes
from nlp.ner.matches import trie_of
from nlp.ner.words import common_words, segment


def test_folding_keeps_every_character_in_its_place():
    folded, bounds = codes(["ＡB", "", "㎏İ𝔸"])
    assert bounds.tolist() == [0, 2, 2, 5]
    assert [chr(code) for code in folded[:2]] == ["a", "b"]


def test_matches_are_marked_all_and_longest():
    features = learn_features(["高腰直筒裤"], {"cut": ("高腰", "直筒", "直筒裤", "筒裤")}, 1)
    slots, _ = features.slots(["高腰直筒裤"])
    assert slots[:, 5].tolist() == [1, 4, 1, 1 | 2 | 4, 4]
    assert slots[:, 6].tolist() == [2, 4, 5, 6, 7]


def test_pairs_know_the_edges_of_texts():
    features = learn_features(["ab"], {}, 1)
    slots, _ = features.slots(["ab", "ba"])
    assert slots[0, 2] == slots[1, 1] >= 2
    assert slots[2, 1] == 1


def test_words_are_cut_as_jieba_cuts_them():
    text = "我们在北京大学学习自然语言处理技术"
    folded, _ = codes([text])
    numbers = np.zeros(len(text), np.int64)
    segment(folded, 0, len(text), common_words(), numbers)
    starts = np.flatnonzero(numbers >= 0).tolist()
    mine = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert mine == jieba.Tokenizer().lcut(text, HMM=False)


def test_values_of_equal_words_unite():
    trie = trie_of(["ab", "ab", "", "x" * 99], np.array([1, 2, 4, 8]))
    assert trie.value.tolist() == [0, 0, 3]
