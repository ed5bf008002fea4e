"""Walks by pecanpy, in its own venv: a line with p and q in, walks, a line of JSON out."""

import json
import sys
import time
from pathlib import Path

from pecanpy.pecanpy import FirstOrderUnweighted, SparseOTF


def main() -> None:
    """Read what to do, then walk as often as asked."""
    folder = Path(sys.argv[1])
    settings = json.loads((folder / "settings.json").read_text())
    graphs = {}
    print("ready", flush=True)
    for line in sys.stdin:
        p, q = json.loads(line)
        if (p, q) not in graphs:
            graphs[p, q] = made(folder, p, q, settings["threads"])
        start = time.process_time()
        graphs[p, q].simulate_walks(settings["walks"], settings["length"] - 1)
        print(json.dumps({"seconds": time.process_time() - start}), flush=True)


def made(folder: Path, p: float, q: float, threads: int) -> SparseOTF:
    """Its quickest graph for these settings, warmed up."""
    kind = FirstOrderUnweighted if p == q == 1 else SparseOTF
    graph = kind(p=p, q=q, workers=threads, verbose=False)
    graph.read_edg(str(folder / "edges.tsv"), weighted=False, directed=False)
    graph.preprocess_transition_probs()
    graph.simulate_walks(1, 2)
    return graph


if __name__ == "__main__":
    main()
