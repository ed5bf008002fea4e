import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.graph import edges_of
from recall.measures import first_of, judge, judge_links

PERSONS, ITEMS = 5, 9
CELLS = st.sets(st.tuples(st.integers(0, PERSONS - 1), st.integers(0, ITEMS - 1)))
SCORES = st.lists(st.integers(-4, 4), min_size=PERSONS * ITEMS, max_size=PERSONS * ITEMS).map(
    lambda values: np.array(values, np.float32).reshape(PERSONS, ITEMS)
)


def likes(cells):
    sources = np.array([person for person, _ in sorted(cells)], np.int32)
    targets = np.array([item for _, item in sorted(cells)], np.int32)
    return edges_of("person", "item", sources, targets, np.ones(len(cells), np.float32), PERSONS)


def ranking_of(row, seen):
    """Rank with plain sorting: better first, of equals the first."""
    return sorted((i for i in range(ITEMS) if i not in seen), key=lambda i: (-row[i], i))


@settings(deadline=None)  # the first call compiles
@given(SCORES, CELLS, st.integers(1, ITEMS + 2))
def test_the_best_unseen_come_first_as_sorting_would_have_it(scores, seen, top):
    found = first_of(scores, likes(seen), np.arange(PERSONS, dtype=np.int32), top)
    for person in range(PERSONS):
        best = ranking_of(scores[person], {i for p, i in seen if p == person})[:top]
        assert found[person].tolist() == best + [-1] * (top - len(best))


@settings(deadline=None)
@given(SCORES, CELLS, CELLS, st.integers(1, 6), st.integers(1, 3))
def test_measures_are_what_their_definitions_say(scores, seen, wanted, top, batch):
    wanted -= seen
    quality = judge(lambda some: scores[some], likes(seen), likes(wanted), top, batch=batch)
    recalls, gains, hits = [], [], []
    for person in range(PERSONS):
        good = {i for p, i in wanted if p == person}
        best = ranking_of(scores[person], {i for p, i in seen if p == person})[:top]
        if good:
            recalls.append(len(good & set(best)) / len(good))
            hits.append(bool(good & set(best)))
            ideal = sum(1 / math.log2(k + 2) for k in range(min(len(good), top)))
            gains.append(sum(1 / math.log2(k + 2) for k, i in enumerate(best) if i in good) / ideal)
    if not recalls:
        assert (quality.recall, quality.ndcg, quality.hit) == (0, 0, 0)
        return
    assert quality.recall == pytest.approx(np.mean(recalls), abs=1e-6)
    assert quality.ndcg == pytest.approx(np.mean(gains), abs=1e-6)
    assert quality.hit == pytest.approx(np.mean(hits), abs=1e-6)


def test_figures_bear_the_names_of_papers():
    cells = {(0, 1), (1, 2)}
    scores = np.zeros((PERSONS, ITEMS), np.float32)
    scores[0, 1] = scores[1, 2] = 1
    figures = judge(lambda some: scores[some], likes(set()), likes(cells), 2).figures()
    assert figures["recall@2"] == figures["ndcg@2"] == figures["hit@2"] == 1
    assert figures["precision@2"] == 0.5
    assert figures["coverage@2"] == pytest.approx(3 / ITEMS)


LABELLED = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2).filter(
    lambda pairs: len({linked for _, linked in pairs}) == 2
)


@given(LABELLED)
def test_area_under_roc_is_the_chance_that_a_linked_pair_scores_higher(pairs):
    scores, linked = (np.array(side, np.float32) for side in zip(*pairs, strict=True))
    good, bad = scores[linked == 1], scores[linked == 0]
    chance = np.mean([(g > b) + 0.5 * (g == b) for g in good for b in bad])
    assert judge_links(scores, linked)["roc_auc"] == pytest.approx(chance, abs=1e-6)


@given(LABELLED)
def test_f1_takes_the_pairs_that_score_as_high_as_the_last_of_as_many_as_are_linked(pairs):
    scores, linked = (np.array(side, np.float32) for side in zip(*pairs, strict=True))
    threshold = np.sort(scores)[-int(linked.sum())]
    taken = scores >= threshold
    right = (taken & (linked == 1)).sum()
    assert judge_links(scores, linked)["f1"] == pytest.approx(
        2 * right / (taken.sum() + linked.sum()), abs=1e-6
    )


def test_pairs_in_perfect_order_are_judged_perfect():
    judged = judge_links(np.array([3, 2, 1, 0], np.float32), np.array([1, 1, 0, 0], np.float32))
    assert judged == {"roc_auc": 1.0, "pr_auc": 1.0, "f1": 1.0}


def test_precision_falls_in_straight_lines_between_thresholds():
    judged = judge_links(np.array([3, 2, 1], np.float32), np.array([1, 0, 1], np.float32))
    assert judged["pr_auc"] == pytest.approx(0.5 * 1 + 0.5 * (1 / 2 + 2 / 3) / 2)
