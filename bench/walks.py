"""Walks beside pecanpy, skip-gram beside gensim, and how both grow with the graph.

`python -m bench.walks --data FOLDER`. Every peer runs in a venv of its own, over the same graph and
with the same settings, in turns with ours; seconds are the process's own, figures are medians.
Some ties are held back, and both sets of vectors are judged by how well they find them.
"""

import argparse
import json
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from bench.results import publish, table
from graph.graph import Edges, Floats, Graph, Numbers, edges_of
from graph.walks.nets import Net, net_of
from graph.walks.walker import walker_of
from recall.spaces.skipgram.corpora import Told, Walked
from recall.spaces.skipgram.training import Learned, Settings, train
from recall.spaces.trained import Sessions

PEERS = Path(__file__).parent / "peers"
HELD, ASKED, TOP = 0.1, 2_000, 20
BIASES = ((1.0, 1.0), (0.5, 2.0))
SIZES = (1, 4, 16)


@dataclass(frozen=True)
class Turns:
    """Seconds of ours and of a peer, by turns."""

    ours: list[float]
    peer: list[float]

    @property
    def ratio(self) -> float:
        """How many times as fast we are."""
        return median(self.peer) / median(self.ours)


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    for name, value in (("walks", 1), ("length", 40), ("dim", 64), ("window", 5)):
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in (("negatives", 5), ("epochs", 2), ("threads", 1), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--rate", type=float, default=0.025)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        report(chosen, Path(folder))


def report(chosen: argparse.Namespace, folder: Path) -> None:
    """All figures, as tables and as JSON."""
    net, held = hold_back(read_net(chosen.data))
    hand_over(folder, net, chosen)
    walked = [compare_walks(folder, net, chosen, *biases) for biases in BIASES]
    learned, vectors, pairs = compare_learning(folder, net, chosen)
    ours, peer = (recall(net, held, some) for some in vectors)
    heads = ("what", "Weft a second", "peer a second", "ratio")
    many = net.size * chosen.walks
    rows = [
        row_of(f"walks, p {p:g}, q {q:g}", turns, many, many)
        for (p, q), turns in zip(BIASES, walked, strict=True)
    ]
    rows.append(row_of("skip-gram pairs", learned, *pairs))
    pace = pairs[0] / median(learned.ours) / (pairs[1] / median(learned.peer))
    rows.append((f"recall@{TOP} of ties held back", f"{ours:.4f}", f"{peer:.4f}", ""))
    figures = {
        "walk_ratio": round(min(turns.ratio for turns in walked), 2),
        "sgns_ratio": round(pace, 2),
        "recall_gap": round(ours - peer, 4),
    }
    text = f"{net.size:,} nodes, {len(net.targets) // 2:,} ties, {settings_of(chosen)}\n\n"
    text += f"{table(heads, rows)}\n\n{growth()}"
    publish(f"make bench-walks DATA={chosen.data.name}", text, figures)


def row_of(what: str, turns: Turns, ours: int, peer: int) -> tuple[str, str, str, str]:
    """How many of something were made in a second."""
    paces = ours / median(turns.ours), peer / median(turns.peer)
    return what, f"{paces[0]:,.0f}", f"{paces[1]:,.0f}", f"{paces[0] / paces[1]:.2f} ×"


def settings_of(chosen: argparse.Namespace) -> dict[str, float]:
    """What both sides are told."""
    names = ["walks", "length", "dim", "window", "negatives", "epochs", "threads", "rate"]
    return {name: getattr(chosen, name) for name in names}


def read_net(folder: Path) -> Net:
    """Read lines of `person item item …`, or of `kind a b` as they are in files of links."""
    lines = [line.split() for line in (folder / "train.txt").read_text("utf-8").splitlines()]
    tested = (folder / "test.txt").read_text("utf-8").splitlines()
    if all(len(line.split()) == 4 for line in tested if line.strip()):
        names = sorted({word for words in lines for word in words[1:]})
        places = {name: at for at, name in enumerate(names)}
        pairs = [(places[words[1]], places[words[2]]) for words in lines if words]
        return one_kind(np.array(pairs, np.int32).reshape(-1, 2), "item", len(names), len(names))
    pairs = [(int(words[0]), int(item)) for words in lines if words for item in words[1:]]
    both = np.array(pairs, np.int32).reshape(-1, 2)
    return one_kind(both, "person", int(both[:, 0].max()) + 1, int(both[:, 1].max()) + 1)


def one_kind(pairs: Numbers, source: str, sources: int, items: int) -> Net:
    """A net of one kind of edge."""
    pairs = np.unique(pairs, axis=0)
    weights = np.ones(len(pairs), np.float32)
    edges = edges_of(source, "item", pairs[:, 0], pairs[:, 1], weights, sources)
    nodes = {source: np.arange(sources, dtype=np.int32), "item": np.arange(items, dtype=np.int32)}
    net = net_of(Graph(nodes, {"tied": edges}), ["tied"])
    net.weights[:] = 1
    return net


def hold_back(net: Net) -> tuple[Net, Numbers]:
    """Hold back a tenth of the ties; who is left without any is left out altogether."""
    nodes = np.repeat(np.arange(net.size, dtype=np.int32), np.diff(net.starts))
    ties = np.stack([nodes, net.targets], 1)[nodes < net.targets]
    apart = np.random.default_rng(1).random(len(ties)) < HELD
    rest, held = ties[~apart], ties[apart]
    known, places = np.unique(rest, return_inverse=True)
    number = np.full(net.size, -1, np.int32)
    number[known] = np.arange(len(known), dtype=np.int32)
    kept = one_kind(places.reshape(-1, 2).astype(np.int32), "item", len(known), len(known))
    moved = number[held]
    return kept, moved[(moved >= 0).all(1)]


def hand_over(folder: Path, net: Net, chosen: argparse.Namespace) -> None:
    """Write down what the peers read: the settings, the ties, and our walks."""
    told = {**settings_of(chosen), "nodes": net.size}
    (folder / "settings.json").write_text(json.dumps(told))
    nodes = np.repeat(np.arange(net.size), np.diff(net.starts))
    ties = np.stack([nodes, net.targets], 1)[nodes < net.targets]
    np.savetxt(folder / "edges.tsv", ties, "%d", "\t")
    walker = walker_of(net, chosen.length)
    np.save(folder / "walks.npy", walker(everywhere(net, chosen.walks), 1))


def everywhere(net: Net, times: int) -> Numbers:
    """All nodes so many times, in an order of chance."""
    begins = np.tile(np.arange(net.size, dtype=np.int32), times)
    return np.random.default_rng(2).permutation(begins)


def compare_walks(
    folder: Path, net: Net, chosen: argparse.Namespace, back: float, away: float
) -> Turns:
    """Walks by turns; making ready counts for neither."""
    walker = walker_of(net, chosen.length, back, away)
    begins = everywhere(net, chosen.walks)
    walker(begins[:10], 1)
    turns = Turns([], [])
    with running("pecanpy", folder) as peer:
        for turn in range(chosen.rounds):
            begin = time.process_time()
            walker(begins, turn)
            turns.ours.append(time.process_time() - begin)
            turns.peer.append(asked(peer, [back, away]))
    return turns


def compare_learning(
    folder: Path, net: Net, chosen: argparse.Namespace
) -> tuple[Turns, tuple[Floats, Floats], tuple[int, int]]:
    """Both learn by turns from the same walks; give the vectors and how many pairs there were."""
    walks = np.load(folder / "walks.npy")
    starts = np.arange(len(walks) + 1, dtype=np.int64) * chosen.length
    corpus = Told(Sessions(starts, walks.reshape(-1), np.zeros(0, np.float32)), net.size)
    learn(Told(Sessions(starts[:2], walks[0], np.zeros(0, np.float32)), net.size), chosen)
    turns = Turns([], [])
    with running("gensim", folder) as peer:
        for _ in range(chosen.rounds):
            begin = time.process_time()
            learned = learn(corpus, chosen)
            turns.ours.append(time.process_time() - begin)
            turns.peer.append(asked(peer, []))
    theirs = round(pairs_in(chosen.length, chosen.window) * len(walks) * chosen.epochs)
    return turns, (learned.inputs, np.load(folder / "gensim.npy")), (learned.pairs, theirs)


def pairs_in(length: int, window: int) -> float:
    """How many pairs a walk has on average, when every reach up to the window is as likely."""
    reaches = range(1, window + 1)
    return sum(2 * sum(length - d for d in range(1, r + 1)) for r in reaches) / window


def learn(corpus: Told, chosen: argparse.Namespace) -> Learned:
    """Learn with the chosen settings."""
    names = ("dim", "window", "negatives", "epochs", "threads", "rate")
    return train(corpus, Settings(**{name: getattr(chosen, name) for name in names}), {})


def recall(net: Net, held: Numbers, vectors: Floats) -> float:
    """The share of ties held back that are among the nearest of their ends, known ones apart."""
    some = np.random.default_rng(3).permutation(len(held))[:ASKED]
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    found = 0
    for source, target in held[some]:
        scores = unit @ unit[source]
        scores[net.targets[net.starts[source] : net.starts[source + 1]]] = -2
        scores[source] = -2
        found += int((scores > scores[target]).sum() < TOP)
    return found / len(some)


@contextmanager
def running(name: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a peer in its venv, which is made when there is none."""
    home, wanted = PEERS / f".{name}", PEERS / f"{name}.txt"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(wanted)]
        subprocess.run(install, check=True, stdout=sys.stderr)
    command = [str(python), "-W", "ignore", str(PEERS / f"{name}_runs.py"), str(folder)]
    peer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        told(peer, "ready")
        yield peer
    finally:
        peer.communicate()


def asked(peer: subprocess.Popen[str], question: Sequence[float]) -> float:
    """Have a peer do its work once; give the seconds."""
    assert peer.stdin is not None
    peer.stdin.write(json.dumps(question) + "\n")
    peer.stdin.flush()
    return float(json.loads(told(peer, "{"))["seconds"])


def told(peer: subprocess.Popen[str], begin: str) -> str:
    """Wait for a line that begins so; other lines are talk."""
    assert peer.stdout is not None
    for line in peer.stdout:
        if line.startswith(begin):
            return line
    raise RuntimeError(f"{peer.args!r}: ended without an answer; see what it wrote above")


def growth() -> str:
    """Time and memory of walking and learning over graphs that grow."""
    rows = []
    for size in SIZES:
        seconds, before, peak, ties = grown(size)
        pace = f"{1e6 * seconds / ties:.2f}"
        rows.append(
            (f"{size} ×", f"{ties:,}", f"{seconds:.1f}", pace, f"{before:.0f}", f"{peak:.0f}")
        )
    heads = ("graph", "ties", "seconds", "µs a tie", "MiB with the graph", "MiB at most")
    return table(heads, rows)


def grown(size: int) -> tuple[float, float, float, int]:
    """Seconds, memory before and at most, and ties, of a process of its own."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=grow, args=(size, sender))
    process.start()
    figures: tuple[float, float, float, int] = receiver.recv()
    process.join()
    return figures


def grow(size: int, sender: "Connection[tuple[float, float, float, int], object]") -> None:
    """Walk and learn once over a graph of chance of this size."""
    fit_once(made_edges(1_000))
    edges = made_edges(40_000 * size)
    before, begin = peak_memory(), time.process_time()
    fit_once(edges)
    sender.send((time.process_time() - begin, before, peak_memory(), len(edges)))


def made_edges(nodes: int) -> Edges:
    """Ten ties from every node, to some nodes oftener than to others."""
    chance = np.random.default_rng(nodes)
    sources = np.repeat(np.arange(nodes, dtype=np.int32), 10)
    targets = (nodes * chance.random(len(sources)) ** 2).astype(np.int32)
    weights = np.ones(len(sources), np.float32)
    return edges_of("item", "item", sources, targets, weights, nodes)


def fit_once(edges: Edges) -> Learned:
    """Two walks from every node, and what is learned from them."""
    nodes = np.arange(len(edges.starts) - 1, dtype=np.int32)
    net = net_of(Graph({"item": nodes}, {"tied": edges}), ["tied"])
    walker = walker_of(net, 20, 0.5, 2)
    return train(Walked(walker, nodes, net.size, 20, 2, 1), Settings(dim=32, epochs=1), {})


def peak_memory() -> float:
    """MiB at the highest until now, of this program alone."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
