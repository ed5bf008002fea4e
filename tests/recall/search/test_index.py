import numpy as np

from recall.search.index import Field, Index, Shape, index_of


def scores(index: Index, asked: list[str], size: int) -> list[float]:
    found = np.zeros(size)
    for term in asked:
        number = index.terms[term]
        part = slice(index.starts[number], index.starts[number + 1])
        found[index.items[part]] += index.worth[number] * index.shares[part]
    return [float(score) for score in found]


def test_scores_are_those_of_the_formula() -> None:
    index = index_of([Field([["red", "red", "cup"], ["cup"], []])], 3, Shape(k1=1.2, b=0.75))
    longer, mean = 1 - 0.75 + 0.75 * 3 / 2, np.log1p((3 - 1 + 0.5) / (1 + 0.5))
    mass = 2 / longer
    assert scores(index, ["red"], 3) == [np.float32(mean) * np.float32(mass / (mass + 1.2)), 0, 0]


def test_a_heavier_field_counts_more() -> None:
    title, notes = [["cup"], ["red"]], [["red"], ["cup"]]
    index = index_of([Field(title, 3), Field(notes, 1)], 2, Shape())
    first, second = scores(index, ["cup"], 2)
    assert first > second > 0


def test_rare_terms_are_worth_more_and_none_is_worth_nothing() -> None:
    index = index_of([Field([["the", "cup"], ["the"], ["the"]])], 3, Shape())
    assert index.worth[index.terms["cup"]] > index.worth[index.terms["the"]] > 0


def test_long_texts_are_held_against_items() -> None:
    index = index_of([Field([["cup"], ["cup", *"abcdefgh"]])], 2, Shape())
    short, long = scores(index, ["cup"], 2)
    assert short > long


def test_nothing_written_is_an_empty_index() -> None:
    index = index_of([Field([[], []])], 2, Shape())
    assert not index.terms
    assert len(index.items) == 0
