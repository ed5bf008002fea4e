"""Named entities of annotated titles: gazetteers alone, the model without them, and with them.

`python -m bench.ner --data FOLDER`; the folder holds train.bieos, test.bieos, dev.bieos if there
is one, and any number of *.dic. Training sees train, chooses its moment on dev, and never test.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.results import publish, table
from nlp.ner import NerModel, NerSettings, Report, Sample, Span, evaluate
from nlp.ner.bieos import read_gazetteers, read_samples
from nlp.ner.swapping import pools_of
from nlp.ner.training import train

Gazetteers = Mapping[str, Sequence[str]]
SMALL, LARGE = NerSettings(), NerSettings(hidden=64, hide_hidden=0.3)
HEADS = ("method", "over", "precision", "recall", "F1", "train s", "titles/s")
TITLE = 40  # characters of a title by which speed is measured


@dataclass(frozen=True)
class Titles:
    """What a folder holds."""

    train: list[Sample]
    dev: list[Sample]
    test: list[Sample]
    gazetteers: Gazetteers


@dataclass(frozen=True)
class Run:
    """One method on the test titles."""

    method: str
    report: Report
    train_seconds: float = 0.0
    speed: float = 0.0


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    titles = read_titles(chosen.data)
    small, large = (s.model_copy(update={"seed": chosen.seed}) for s in (SMALL, LARGE))
    alone = dictionary_only(titles)
    without = trained("model without gazetteers", titles, {}, small)
    whole = trained(f"model, {small.hidden} wide", titles, titles.gazetteers, small)
    wide = trained(f"model, {large.hidden} wide", titles, titles.gazetteers, large)
    runs = [alone, without, whole, wide]
    rows = [row for run in runs for row in rows_of(run)]
    command = f"make bench-ner DATA={chosen.data.name}"
    publish(command, table(HEADS, rows), figures(whole, alone))


def read_titles(folder: Path) -> Titles:
    """Read a folder; without a dev file every tenth title of train is held out."""
    train = read_samples(folder / "train.bieos")
    dev = folder / "dev.bieos"
    held_out = read_samples(dev) if dev.exists() else train[::10]
    kept = train if dev.exists() else [s for k, s in enumerate(train) if k % 10]
    return Titles(kept, held_out, read_samples(folder / "test.bieos"), read_gazetteers(folder))


def dictionary_only(titles: Titles) -> Run:
    """Longest match from the left; a gazetteer stands for the label whose entities it knows."""
    pools = pools_of(titles.train, titles.gazetteers)
    ordered = sorted(pools, key=lambda label: len(pools[label][0]))
    words = {word: label for label in ordered for pool in pools[label][1:] for word in pool}
    longest = max(map(len, words), default=0)
    found = [longest_matches(sample.text, words, longest) for sample in titles.test]
    return Run("gazetteers alone", evaluate(titles.test, found))


def longest_matches(text: str, words: Mapping[str, str], longest: int) -> list[Span]:
    """Find words from left to right, the longest first."""
    found, start = [], 0
    while start < len(text):
        ends = range(min(len(text), start + longest), start, -1)
        end = next((end for end in ends if text[start:end] in words), None)
        if end is not None:
            found.append(Span(start, end, words[text[start:end]]))
        start = end or start + 1
    return found


def trained(method: str, titles: Titles, gazetteers: Gazetteers, settings: NerSettings) -> Run:
    """Train, then find the entities of the test titles."""
    start = time.perf_counter()
    model = train(titles.train, settings, gazetteers, titles.dev)
    seconds = time.perf_counter() - start
    report = evaluate(titles.test, model.find([sample.text for sample in titles.test]))
    return Run(method, report, seconds, titles_per_second(model, titles.test))


def titles_per_second(model: NerModel, samples: Sequence[Sample]) -> float:
    """The best of several readings of all test titles, cut to one length."""
    whole = "".join(sample.text for sample in samples)
    texts = [whole[start : start + TITLE] for start in range(0, len(whole), TITLE)]
    return len(texts) / min(seconds_of(model, texts) for _ in range(9))


def seconds_of(model: NerModel, texts: Sequence[str]) -> float:
    """Time one reading."""
    start = time.perf_counter()
    model.find(texts)
    return time.perf_counter() - start


def rows_of(run: Run) -> list[tuple[str, ...]]:
    """A row over all entities and one for each label."""
    costs = [f"{run.train_seconds:.0f}", f"{run.speed:,.0f}"] if run.speed else ["", ""]
    qualities = [("all", run.report.overall, costs)]
    qualities += [(label, quality, ["", ""]) for label, quality in run.report.labels.items()]
    return [
        (run.method, over, f"{q.precision:.4f}", f"{q.recall:.4f}", f"{q.f1:.4f}", *ends)
        for over, q, ends in qualities
    ]


def figures(whole: Run, alone: Run) -> dict[str, float]:
    """What the issue asks for, of the model that the product trains."""
    quality = whole.report.overall
    return {
        "f1": round(quality.f1, 4),
        "precision": round(quality.precision, 4),
        "recall": round(quality.recall, 4),
        "f1_dictionary": round(alone.report.overall.f1, 4),
        "train_seconds": round(whole.train_seconds, 1),
    }


if __name__ == "__main__":
    main()
