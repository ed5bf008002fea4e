"""Skip-gram by gensim, in its own venv: a line in, one training, a line of JSON out."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from gensim.models import Word2Vec


def main() -> None:
    """Read what to do, then train as often as asked."""
    folder = Path(sys.argv[1])
    settings = json.loads((folder / "settings.json").read_text())
    walks = [list(map(str, walk)) for walk in np.load(folder / "walks.npy").tolist()]
    print("ready", flush=True)
    for _ in sys.stdin:
        model = Word2Vec(
            vector_size=settings["dim"],
            window=settings["window"],
            negative=settings["negatives"],
            alpha=settings["rate"],
            sg=1,
            min_count=1,
            sample=0,
            workers=settings["threads"],
            seed=1,
        )
        model.build_vocab(walks)
        start = time.process_time()
        model.train(walks, total_examples=len(walks), epochs=settings["epochs"])
        seconds = time.process_time() - start
        order = [model.wv.key_to_index[str(node)] for node in range(settings["nodes"])]
        np.save(folder / "gensim.npy", model.wv.vectors[order])
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
