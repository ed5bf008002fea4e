"""HNSW with a selector by Faiss, in its own venv: a folder in, ids and milliseconds out."""

import sys
import time
from pathlib import Path

import faiss
import numpy as np


def main() -> None:
    """Index the vectors, then answer every cell's queries with each ef."""
    folder, efs = Path(sys.argv[1]), [int(ef) for ef in sys.argv[2].split(",")]
    faiss.omp_set_num_threads(1)
    vectors, queries = np.load(folder / "vectors.npy"), np.load(folder / "queries.npy")
    index = faiss.IndexHNSWFlat(vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 64
    index.add(vectors)
    for cell in sorted(folder.glob("cell_*.npz")):
        asked = np.load(cell)
        allowed = np.packbits(asked["allowed"], bitorder="little")
        selector = faiss.IDSelectorBitmap(allowed)
        found, times = [], []
        for ef in efs:
            settings = faiss.SearchParametersHNSW(efSearch=ef, sel=selector)
            for number in asked["asked"]:
                began = time.perf_counter()
                found.append(index.search(queries[number : number + 1], 50, params=settings)[1][0])
                times.append((time.perf_counter() - began) * 1000)
        shape = len(efs), len(asked["asked"])
        answers = {"times": np.reshape(times, shape), "found": np.reshape(found, (*shape, 50))}
        np.savez(folder / f"found_{cell.stem}.npz", allow_pickle=False, **answers)


if __name__ == "__main__":
    main()
