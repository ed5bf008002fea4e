"""DeepFM, DCN and DIN beside FuxiCTR's and deepctr-torch's: samples a second, at which AUC.

`python -m bench.ctr_speed`. Clicks are made up: ten plain fields for DeepFM and DCN, pasts for DIN.
All three learn the same network, from the same beginning spread, in the same batches, by Adam, with
as many threads; each peer runs in a venv of its own, by turns with ours. A ratio is ours over the
better peer's, by medians of wall seconds; `_cpu` by CPU seconds, loaders' included, which say more
where others use the machine. Then one core scores a request.
"""

import argparse
import json
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from bench.ctr_speed_scoring import scoring
from bench.ctr_speed_worlds import STEPS, Clicks, examples_of, fields, layout_of, pasts, sizes_of
from bench.results import publish, table
from bench.walks import running, told
from ranking.examples import Layout
from ranking.networks.embedding import SPREAD
from ranking.networks.lookup import Rows
from ranking.networks.whole import whole_of
from ranking.rankers.kinds import AnyRanker
from ranking.rankers.lesson import Lesson
from ranking.rankers.spec import NetworkRanker
from ranking.training.judging import auc
from ranking.training.packing import Arrays
from ranking.training.trained import arrays_of

WORLDS = {"deepfm": "fields", "dcn": "fields", "din": "pasts"}
PEERS = {"fuxictr": "FuxiCTR", "deepctr": "deepctr-torch"}
NAMES = ("dim", "hidden", "depth", "attention", "batch", "rate", "spread", "threads", "workers")
HEADS = ("model", "by", "samples/s", "samples a CPU second", "AUC", "seconds of each round")


@dataclass(frozen=True)
class Runs:
    """What one of the three needed, round after round."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    auc: list[float] = field(default_factory=list)

    def add(self, told: Mapping[str, float]) -> None:
        """Take in a round."""
        for name, some in vars(self).items():
            some.append(told[name])


@dataclass(frozen=True)
class Course:
    """Clicks to learn and clicks to test."""

    learn: Clicks
    test: Clicks


def main() -> None:
    """Measure and publish."""
    chosen = arguments()
    courses = {name: made(name, chosen) for name in {WORLDS[m] for m in chosen.models}}
    with TemporaryDirectory() as folder:
        hand_over(chosen, courses, Path(folder))
        found = {model: raced(model, courses, chosen, Path(folder)) for model in chosen.models}
    rows = [row for model, runs in found.items() for row in rows_of(model, runs, chosen)]
    ratios = {model: ratio(runs, "seconds") for model, runs in found.items()}
    ratios |= {f"{model}_cpu": ratio(runs, "cpu") for model, runs in found.items()}
    text, figures = scoring()
    said = f"{settings_of(chosen)}, pasts of {chosen.shortest} to {STEPS} steps"
    text = f"{said}\n\n{table(HEADS, rows)}\n\n{text}"
    publish(f"make bench-ctr-speed CLICKS={chosen.rows}", text, {**ratios, **figures})


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("rows", 60_000), ("epochs", 2), ("rounds", 3), ("shortest", 10)):
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in (("dim", 16), ("depth", 3), ("batch", 512), ("threads", 1), ("workers", 0)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--spread", type=float, default=0.1)
    for name, sizes in (("hidden", [256, 128]), ("attention", [64, 32])):
        parser.add_argument(f"--{name}", type=_numbers, default=sizes)
    parser.add_argument("--models", type=lambda text: text.split(","), default=list(WORLDS))
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def settings_of(chosen: argparse.Namespace) -> dict[str, Any]:
    """What all are told."""
    return {name: getattr(chosen, name) for name in ("rows", "epochs", *NAMES)}


def made(name: str, chosen: argparse.Namespace) -> Course:
    """Make clicks, a sixth of them to test with."""
    rows = chosen.rows * 6 // 5
    clicks = fields(rows) if name == "fields" else pasts(rows, chosen.shortest)
    return Course(clicks.part(slice(chosen.rows)), clicks.part(slice(chosen.rows, None)))


def hand_over(chosen: argparse.Namespace, courses: Mapping[str, Course], folder: Path) -> None:
    """Write down what the peers read."""
    sizes = {name: sizes_of(name) for name in courses}
    told = {**settings_of(chosen), "sizes": sizes, "steps": STEPS}
    (folder / "settings.json").write_text(json.dumps(told))
    for name, course in courses.items():
        for part, clicks in vars(course).items():
            labels = clicks.labels.astype(np.int64)
            np.savez(folder / f"{name}-{part}.npz", label=labels, **clicks.columns)


def raced(
    model: str, courses: Mapping[str, Course], chosen: argparse.Namespace, folder: Path
) -> dict[str, Runs]:
    """Learn by turns; a short run before counts for nobody."""
    course, runs = courses[WORLDS[model]], {name: Runs() for name in ("weft", *PEERS)}
    few = Course(course.learn.part(slice(2 * chosen.batch)), course.test)
    with ExitStack() as stack:
        peers = {name: stack.enter_context(running(name, folder)) for name in PEERS}
        learned(model, few, chosen)
        for _ in range(chosen.rounds):
            runs["weft"].add(learned(model, course, chosen))
            for name, peer in peers.items():
                runs[name].add(asked(peer, model, chosen.epochs))
    return runs


def asked(peer: "subprocess.Popen[str]", model: str, epochs: int) -> dict[str, float]:
    """Have a peer learn once."""
    assert peer.stdin is not None
    question = {"model": model, "world": WORLDS[model], "epochs": epochs}
    peer.stdin.write(json.dumps(question) + "\n")
    peer.stdin.flush()
    found: dict[str, float] = json.loads(told(peer, "{"))
    return found


def learned(model: str, course: Course, chosen: argparse.Namespace) -> dict[str, float]:
    """Learn once, without looking in between."""
    world = WORLDS[model]
    layout, learn = layout_of(world), examples_of(world, course.learn)
    shape = {"din": {"attention": chosen.attention}, "dcn": {"depth": chosen.depth}}.get(model, {})
    plain = {name: getattr(chosen, name) for name in ("dim", "hidden", "batch", "rate", "epochs")}
    ranker: Any = TypeAdapter(AnyRanker).validate_python(
        {"type": model, "norm": False, **plain, **shape}
    )
    start = begun(ranker, layout, chosen.spread)
    begin, cpu = time.monotonic(), time.process_time()
    scorer = ranker.fit(Lesson(layout, learn, start=start, threads=chosen.threads))
    seconds, cpu = time.monotonic() - begin, time.process_time() - cpu
    test = examples_of(world, course.test)
    chances = scorer.score(test.inputs)[:, 0]
    return {"seconds": seconds, "cpu": cpu, "auc": auc(chances, test.labels[:, 0])}


def begun(ranker: NetworkRanker, layout: Layout, spread: float) -> Arrays:
    """Give weights to begin with, whose embeddings are spread as the peers' are."""
    network = whole_of(ranker, layout)
    wider = {f"{name}.weight" for name, some in network.named_modules() if isinstance(some, Rows)}
    ratio = spread / SPREAD
    arrays = arrays_of(network).items()
    return {name: some * np.float32(ratio) if name in wider else some for name, some in arrays}


def ratio(runs: Mapping[str, Runs], of: str) -> float:
    """How many times as fast we are as the better peer."""
    found = {name: median(getattr(some, of)) for name, some in runs.items()}
    return round(float(min(found[name] for name in PEERS) / found["weft"]), 2)


def rows_of(
    model: str, runs: Mapping[str, Runs], chosen: argparse.Namespace
) -> list[tuple[str, ...]]:
    """Lay out how a model went."""
    samples = chosen.rows * chosen.epochs
    return [
        (
            model,
            {"weft": "Weft", **PEERS}[name],
            f"{samples / median(some.seconds):,.0f}",
            f"{samples / median(some.cpu):,.0f}",
            f"{median(some.auc):.4f}",
            " ".join(f"{seconds:.1f}" for seconds in some.seconds),
        )
        for name, some in runs.items()
    ]


if __name__ == "__main__":
    main()
