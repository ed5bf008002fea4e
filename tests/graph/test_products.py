import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.graph import edges_of, turned
from graph.products import product, rows_of, two_hops
from graph.spectrum import spectrum

ROWS, COLUMNS = 40, 12
MATRICES = st.integers(0, 2**32 - 1).map(lambda seed: sparse(np.random.default_rng(seed)))


def sparse(draws):
    return np.where(draws.random((ROWS, COLUMNS)) < 0.3, draws.random((ROWS, COLUMNS)), 0).astype(
        np.float32
    )


def edges(matrix):
    sources, targets = (side.astype(np.int32) for side in np.nonzero(matrix))
    return edges_of("a", "b", sources, targets, matrix[sources, targets], len(matrix))


@settings(deadline=None)
@given(MATRICES, st.sampled_from([1, 3]))
def test_products_are_those_of_dense_matrices(matrix, threads):
    dense = np.random.default_rng(1).random((COLUMNS, 5), np.float32)
    assert np.allclose(product(edges(matrix), dense, threads), matrix @ dense, atol=1e-5)


@settings(deadline=None)
@given(MATRICES, st.sampled_from([1, 3]))
def test_two_hops_are_products_of_three_matrices(matrix, threads):
    forth = edges(matrix)
    back = turned(forth, COLUMNS)
    made = two_hops(forth, back, forth, COLUMNS, threads)
    assert np.allclose(made, matrix @ matrix.T @ matrix, atol=1e-4)


@settings(deadline=None)
@given(MATRICES, st.lists(st.integers(0, ROWS - 1), max_size=9))
def test_rows_can_be_taken_in_any_order_and_twice(matrix, rows):
    taken = rows_of(edges(matrix), np.array(rows, np.int32))
    back = np.zeros((len(rows), COLUMNS), np.float32)
    back[taken.sources(), taken.targets] = taken.weights
    assert np.array_equal(back, matrix[rows])


def test_the_spectrum_is_that_of_a_dense_matrix():
    matrix = sparse(np.random.default_rng(3))
    forth = edges(matrix)
    strengths, waves = spectrum(forth, turned(forth, COLUMNS), 4, seed=5)
    shared = matrix.T @ matrix
    assert np.allclose(strengths, np.linalg.eigvalsh(shared)[::-1][:4], rtol=1e-3)
    assert np.allclose(shared @ waves, waves * strengths, atol=1e-2)
    assert np.allclose(waves.T @ waves, np.eye(4), atol=1e-4)


def test_a_graph_with_few_waves_gives_few():
    forth = edges(np.ones((ROWS, COLUMNS), np.float32))
    strengths, waves = spectrum(forth, turned(forth, COLUMNS), 8)
    assert waves.shape == (COLUMNS, 1)
    assert np.allclose(strengths, ROWS * COLUMNS, rtol=1e-4)
