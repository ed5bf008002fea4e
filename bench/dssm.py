"""Two towers beside the same two towers of torch-rechub: samples a second, at which AUC.

`python -m bench.dssm`. A world is made up whose persons like some categories; both sides read the
mean of what was done last and a person's city, and an item's own vector and its category, through
one hidden layer, and learn by a softmax over the batch's items. The peer runs in a venv of its own,
by turns with ours; seconds are the process's own. Both sets of vectors are judged on the same
pairs: what somebody did last, against an item of chance.
"""

import argparse
import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from bench.results import publish, table
from bench.walks import running, told
from graph.graph import Floats, Graph, Numbers
from recall.measures import judge_links
from recall.spaces.trained import Deeds, Lesson, Samples
from recall.spaces.youtube import YouTube
from recall.towers.placed import Placed

CITIES, CATEGORIES, LIKED = 10, 50, 3


@dataclass(frozen=True)
class World:
    """Who did what in order, the last thing apart; and what is known of items and persons."""

    items: Numbers  # (persons, deeds)
    categories: Numbers  # (items,)
    cities: Numbers  # (persons,)
    others: Numbers  # (persons,) items of chance, to tell the last from


def main() -> None:
    """Measure and publish."""
    chosen = arguments()
    world = made(chosen)
    with TemporaryDirectory() as folder:
        publish("make bench-dssm", *report(chosen, world, Path(folder)))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("persons", 5_000), ("items", 10_000), ("deeds", 11), ("dim", 32)):
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in (("hidden", 64), ("batch", 512), ("epochs", 2), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--rate", type=float, default=0.003)
    parser.add_argument("--temperature", type=float, default=0.1)
    return parser.parse_args()


def made(chosen: argparse.Namespace) -> World:
    """Make a world: a city likes some categories more, a person some of these, some items more."""
    draws = np.random.default_rng(1)
    categories = draws.integers(0, CATEGORIES, chosen.items).astype(np.int32)
    order = np.argsort(categories, kind="stable")
    starts = np.searchsorted(categories[order], np.arange(CATEGORIES + 1))
    cities = draws.integers(0, CITIES, chosen.persons).astype(np.int32)
    near = (cities[:, None] * 5 + draws.integers(0, 10, (chosen.persons, LIKED))) % CATEGORIES
    picks = draws.integers(0, LIKED, (chosen.persons, chosen.deeds))
    liked = np.take_along_axis(near, picks, 1)
    luck = draws.random(liked.shape) ** 3
    counts = np.diff(starts)[liked]
    items = order[starts[liked] + (luck * counts).astype(np.int64)]
    others = draws.integers(0, chosen.items, chosen.persons)
    return World(items.astype(np.int32), categories, cities, others.astype(np.int32))


def report(chosen: argparse.Namespace, world: World, folder: Path) -> tuple[str, dict[str, float]]:
    """Train both by turns; give the table and the figures."""
    hand_over(chosen, world, folder)
    positives = world.items[:, :-1].size - len(world.items)  # the first has nothing before it
    seconds: tuple[list[float], list[float]] = ([], [])
    learn(chosen, world, 1)
    with running("rechub", folder) as peer:
        for _ in range(chosen.rounds):
            begin = time.process_time()
            ours = learn(chosen, world, chosen.epochs)
            seconds[0].append(time.process_time() - begin)
            seconds[1].append(asked(peer))
    paces = [positives * chosen.epochs / median(some) for some in seconds]
    aucs = auc_of(ours.vectors["person"], ours.vectors["item"], world), peer_auc(folder, world)
    rows = [
        (name, f"{pace:,.0f}", f"{auc:.4f}")
        for name, pace, auc in zip(("Weft", "torch-rechub"), paces, aucs, strict=True)
    ]
    text = f"{positives:,} positives, {chosen.items:,} items, {settings_of(chosen)}\n\n"
    figures = {
        "throughput_ratio": round(paces[0] / paces[1], 2),
        "auc": round(aucs[0], 4),
        "peer_auc": round(aucs[1], 4),
    }
    return text + table(("towers", "positives a CPU second", "AUC"), rows), figures


def settings_of(chosen: argparse.Namespace) -> dict[str, float]:
    """What both sides are told."""
    names = ("dim", "hidden", "batch", "epochs", "rate", "temperature")
    return {name: getattr(chosen, name) for name in names}


def hand_over(chosen: argparse.Namespace, world: World, folder: Path) -> None:
    """Write down what the peer reads."""
    told = {**settings_of(chosen), "items": chosen.items, "cities": CITIES}
    (folder / "settings.json").write_text(json.dumps({**told, "categories": CATEGORIES}))
    np.savez(folder / "world.npz", **vars(world))


def asked(peer: subprocess.Popen[str]) -> float:
    """Have the peer learn once; give its seconds."""
    assert peer.stdin is not None
    peer.stdin.write("\n")
    peer.stdin.flush()
    return float(json.loads(told(peer, "{"))["seconds"])


def learn(chosen: argparse.Namespace, world: World, epochs: int) -> Placed:
    """Learn with the chosen settings, without looking in between."""
    space = YouTube(
        type="youtube",
        dim=chosen.dim,
        hidden=[chosen.hidden],
        length=chosen.deeds - 1,
        dropout=0.0,
        forget=0.0,
        temperature=chosen.temperature,
        batch=chosen.batch,
        rate=chosen.rate,
        epochs=epochs,
        held_out=1e-9,
        again=True,
        negatives={"count": 1, "batch": True, "corrected": "none"},
    )
    return space.fit(lesson_of(world, chosen.items))


def lesson_of(world: World, items: int) -> Lesson:
    """Give what our towers learn from: all but the last deeds."""
    persons, deeds = world.items.shape
    done = world.items[:, :-1].ravel()
    starts = np.arange(persons + 1, dtype=np.int64) * (deeds - 1)
    ones, nowhere = np.ones(len(done), np.float32), np.full(len(done), -1, np.int32)
    times = np.arange(len(done), dtype=np.float64)
    nodes = {"person": _numbers(persons), "item": _numbers(items)}
    traits = {"item": {"category": world.categories}, "person": {"city": world.cities}}
    words = {
        "item": {"category": [str(n) for n in range(CATEGORIES)]},
        "person": {"city": [str(n) for n in range(CITIES)]},
    }
    shown = np.bincount(done, minlength=items).astype(np.float32)
    samples = Samples(
        Deeds(starts, done, times, ones, nowhere), shown, traits=traits, trait_words=words
    )
    return Lesson(Graph(nodes, {}), samples=samples)


def peer_auc(folder: Path, world: World) -> float:
    """Judge the peer's vectors."""
    with np.load(folder / "vectors.npz") as found:
        return auc_of(found["persons"], found["items"], world)


def auc_of(persons: Floats, items: Floats, world: World) -> float:
    """Tell what was done last from an item of chance."""
    pairs = [
        np.einsum("pd,pd->p", persons, items[some]) for some in (world.items[:, -1], world.others)
    ]
    linked = np.repeat(np.array([1, 0], np.float32), len(persons))
    return judge_links(np.concatenate(pairs), linked)["roc_auc"]


def _numbers(size: int) -> Numbers:
    return np.arange(size, dtype=np.int32)


if __name__ == "__main__":
    main()
