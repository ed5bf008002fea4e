import numpy as np
import pytest

from nlp.grams import label_grams, text_grams


def covers(text: str, label: str) -> bool:
    return set(label_grams([label])[0].tolist()) <= set(text_grams([text])[0].tolist())


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("女高腰直筒裤", "高腰"),
        ("新款NIKE跑鞋", "nike"),
        ("two red bags", "bag"),
        ("a red bag", "bags"),
        ("toys for boys", "toy"),
        ("smart TVs", "tv"),
        ("a TV", "tvs"),
        ("Ｎｉｋｅ air max", "Nike Air"),
        ("adiddas shoe", "adidas"),
        ("連衣裙", "连衣裙"),
        ("米", "米"),
    ],
)
def test_a_text_that_mentions_a_label_has_its_pieces(text: str, label: str) -> None:
    assert covers(text, label)


@pytest.mark.parametrize(("text", "label"), [("红色裙子", "裙红"), ("nike", "puma"), ("", "a")])
def test_another_text_has_not(text: str, label: str) -> None:
    assert not covers(text, label)


def test_texts_do_not_mix() -> None:
    together = text_grams(["高", "腰", "", "a b"])
    alone = [text_grams([text])[0] for text in ("高", "腰", "", "a b")]
    assert all(np.array_equal(a, b) for a, b in zip(together, alone, strict=True))
