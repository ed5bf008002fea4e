"""Titles a second of full annotation, beside spaCy with jieba and an entity ruler.

Both read the same titles with the same labels in the same process, in turns; the figures are
medians. The memory and the two-process figures come from processes of their own. All keep to one
core a process: libraries are told before they start not to share out their work.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import spacy
from spacy.language import Language

from bench.results import publish, table
from graph.texts.entities import opinions
from graph.texts.learning import gazetteers
from nlp.annotating import annotate
from nlp.compiling import build_lexicon
from nlp.lexicon import Label, Lexicon, TagEntry
from nlp.ner.model import NerModel
from nlp.ner.samples import Sample, Span
from nlp.ner.settings import NerSettings
from nlp.ner.training import train
from nlp.saving import load_lexicon, save_lexicon
from world.draws import chance
from world.generate import World
from world.items import make_items
from world.labels import Labels
from world.span import span_of
from world.surfaces import build_surfaces
from world.taxonomy import Tag, build_taxonomy
from world.titles import write_titles

LABELS, LENGTH, TITLES = 30_000, 40, 20_000
RICH = 400_000  # a world of so many items has more than 30,000 labels
ROUNDS, MANY = 5, 1_000_000
ALONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Measured:
    """Titles a second, by reader."""

    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        """How many times as many."""
        return self.ours / self.peer


def main() -> None:
    """Measure in a process whose matrix products, too, keep to one core."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--titles", default="", help="a file with a title a line")
    chosen = parser.parse_args().titles
    os.environ |= ALONE
    process = get_context("spawn").Process(target=measure, args=(chosen,))
    process.start()
    process.join()
    sys.exit(process.exitcode)


def measure(chosen: str) -> None:
    """Measure and publish."""
    tags, made = made_titles()
    lexicon, names = lexicon_of(tags)
    titles = read_titles(Path(chosen)) if chosen else made
    with TemporaryDirectory() as folder:
        save_lexicon(lexicon, Path(folder))
        report(lexicon, names, titles, Path(folder), f"make bench-text TITLES={chosen}")


def report(
    lexicon: Lexicon, names: Sequence[str], titles: list[str], folder: Path, command: str
) -> None:
    """All figures, as a table and as JSON."""
    plain = beside_ruler(lambda: annotate(titles, lexicon), names, titles)
    model = trained(lexicon, titles)
    named = beside_ruler(
        lambda: annotate(titles, lexicon, opinions=opinions(model, titles)), names, titles
    )
    one, two = (together(folder, titles, count) for count in (1, 2))
    peak = peak_memory(folder, titles)
    rows = [
        ("Weft without NER, titles/s", f"{plain.ours:,.0f}", f"{plain.ratio:.2f} ×"),
        ("Weft with NER, titles/s", f"{named.ours:,.0f}", f"{named.ratio:.2f} ×"),
        ("spaCy + jieba + ruler, titles/s", f"{plain.peer:,.0f}", "1 ×"),
        ("one process, titles/s", f"{one:,.0f}", "1 ×"),
        ("two processes, titles/s", f"{two:,.0f}", f"{two / one:.2f} ×"),
        ("peak over 1 M titles", f"{peak:,.0f} MiB", ""),
    ]
    mean = sum(map(len, titles)) / len(titles)
    text = f"{len(titles):,} titles of {mean:.0f} characters, {len(names):,} labels\n\n"
    figures = {
        "dict_ratio": round(plain.ratio, 2),
        "ner_ratio": round(named.ratio, 2),
        "two_process_ratio": round(two / one, 2),
        "peak_mib": round(peak),
    }
    publish(command, text + table(("what", "figure", "ratio"), rows), figures)


def trained(lexicon: Lexicon, titles: Sequence[str]) -> NerModel:
    """An entity model of the usual size; how long it has learned does not change its speed."""
    read = annotate(titles[:2_000], lexicon)
    samples = [
        Sample(one.text, tuple(Span(s.start, s.end, s.facet) for s in one.spans), partial=True)
        for one in read
    ]
    return train(samples, NerSettings(epochs=1), gazetteers(lexicon))


def made_titles() -> tuple[tuple[Tag, ...], list[str]]:
    """The tags of a rich demo world, and titles of about forty characters."""
    taxonomy = build_taxonomy(7, RICH)
    world = World()
    items = make_items(7, 10 * TITLES, span_of(world.days, world.until), taxonomy)
    surfaces = build_surfaces(taxonomy.tags)
    written = write_titles(chance(7, "bench"), items.tags, taxonomy, surfaces).texts.to_list()
    near = sorted(range(len(written)), key=lambda at: abs(len(written[at]) - LENGTH))[:TITLES]
    return taxonomy.tags, [written[at] for at in sorted(near)]


def read_titles(path: Path) -> list[str]:
    """One title a line."""
    return [line for line in path.read_text("utf-8").splitlines() if line]


def lexicon_of(tags: tuple[Tag, ...]) -> tuple[Lexicon, list[str]]:
    """Thirty thousand labels and their texts; brands and series come last."""
    ids = {tag.key: at for at, tag in enumerate(tags, 1)}
    entries = [
        TagEntry(ids[tag.key], tag.key, tag.facet, tuple(ids[up] for up in tag.parents))
        for tag in tags
    ]
    words = [tag for tag in tags if tag.facet not in ("brand", "series")]
    names = [tag for tag in tags if tag.facet in ("brand", "series")]
    labels = [label for tag in (*words, *names) for label in labels_of(ids[tag.key], tag)][:LABELS]
    return build_lexicon(entries, labels), [label.text for label in labels]


def labels_of(tag: int, named: Tag) -> Iterator[Label]:
    """Labels of one tag."""
    for language, labels in (("zh", named.zh), ("en", named.en)):
        yield from (Label(tag, language, "preferred", text) for text in preferred(labels))
        yield from (Label(tag, language, "synonym", text) for text in labels.synonyms)
        yield from (Label(tag, language, "hidden", text) for text in labels.hidden)


def preferred(labels: Labels) -> tuple[str, ...]:
    """The first name, if there is one."""
    return (labels.preferred,) if labels.preferred else ()


def beside_ruler(ours: Callable[[], object], names: Sequence[str], titles: list[str]) -> Measured:
    """A way to read all titles against the ruler, alternating."""
    ruler = ruler_pipeline(names)
    rounds = timed_rounds(ours, lambda: sum(len(doc.ents) for doc in ruler.pipe(titles)))
    return Measured(*(median(len(titles) / took for took in column) for column in rounds))


def timed_rounds(
    one: Callable[[], object], other: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Seconds of both, in turns, after one turn to warm up."""
    rounds = [(timed(one), timed(other)) for _ in range(ROUNDS + 1)]
    first, second = zip(*rounds[1:], strict=True)
    return list(first), list(second)


def timed(work: Callable[[], object]) -> float:
    """Seconds of this process's own, so that other programs do not count."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def ruler_pipeline(names: Sequence[str]) -> Language:
    """spaCy as its documentation has it: blank zh, jieba, an entity ruler with the labels."""
    pipeline = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    ruler = pipeline.add_pipe("entity_ruler")
    patterns = [{"label": "TAG", "pattern": name} for name in names]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    return pipeline


def together(folder: Path, titles: list[str], count: int) -> float:
    """Titles a second of so many processes that begin at the same moment."""
    context = get_context("spawn")
    start, end = context.Barrier(count + 1), context.Barrier(count + 1)
    work = [
        context.Process(target=read_often, args=(folder, titles, start, end)) for _ in range(count)
    ]
    for process in work:
        process.start()
    start.wait()
    begin = time.perf_counter()
    end.wait()
    seconds = time.perf_counter() - begin
    for process in work:
        process.join()
    return count * ROUNDS * len(titles) / seconds


def read_often(folder: Path, titles: list[str], start: Barrier, end: Barrier) -> None:
    """Warm up, wait for the others, read, say that it is done."""
    lexicon = load_lexicon(folder)
    annotate(titles, lexicon)
    start.wait()
    for _ in range(ROUNDS):
        annotate(titles, lexicon)
    end.wait()


def peak_memory(folder: Path, titles: list[str]) -> float:
    """MiB at the highest, of a process that reads a million titles in batches."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=read_million, args=(folder, titles, sender))
    process.start()
    peak = float(receiver.recv())
    process.join()
    return peak


def read_million(folder: Path, titles: list[str], sender: "Connection[float, float]") -> None:
    """Each batch is dropped before the next one."""
    lexicon = load_lexicon(folder)
    for _ in range(-(-MANY // len(titles))):
        annotate(titles, lexicon)
    scale = 1 if sys.platform == "darwin" else 1024
    sender.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 2**20)


if __name__ == "__main__":
    main()
