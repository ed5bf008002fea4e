"""What is read of a demo world whose truth is known, with all labels and without some of them.

Tags are read as the shop reads them: with what the catalogue says and with the company that tags
keep. Then labels are withheld, an entity model learns from other titles as `text.ner` does, and
what it alone finds is compared with the truth. Whoever gives a name must have its two ends and its
facet right. What a smaller lexicon still reads rightly, say as a misspelling of another label,
counts as missed: the entity model did not find it.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, cast

from bench.results import publish, table
from graph.suggestions.names import SURE
from graph.texts.entities import opinions
from graph.texts.learning import Title, learn_from, weak_samples
from nlp.annotating import Reading, annotate
from nlp.compiling import build_lexicon
from nlp.cooccurrence import learn
from nlp.lexicon import Label, LabelKind, Lexicon, TagEntry
from nlp.ner.model import NerModel
from nlp.normal import normal
from nlp.spec import Ner
from world.generate import World, generate

SHARE = 0.3
FIELDS: tuple[tuple[str, LabelKind], ...] = (
    ("", "preferred"),
    ("_synonyms", "synonym"),
    ("_hidden", "hidden"),
)
HEADS = ("what", "facet", "precision", "recall", "there")

Truth = tuple[int, int, str, int]  # start, end, facet, tag


class Fact(NamedTuple):
    """What is said of a title: that it has a tag, or that a name of a facet stands somewhere."""

    facet: str
    tag: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Shop:
    """A world as the shop has it, and the spans of its titles as they are."""

    entries: list[TagEntry]
    labels: list[Label]
    titles: list[str]
    hints: list[list[int]]
    truth: list[list[Truth]]


@dataclass(frozen=True)
class Part:
    """How much of what was found is right, and how much of what was asked for was found."""

    right: int
    found: int
    met: int
    there: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what was asked for that was found."""
        return self.met / self.there if self.there else 0.0


Judged = dict[str, Part]  # by facet, and under "" everything


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=5_000, help="titles to learn from")
    parser.add_argument("--judged", type=int, default=5_000, help="other titles, to be judged by")
    parser.add_argument("--seed", type=int, default=1, help="another one withholds other labels")
    chosen = parser.parse_args()
    shop = made_shop(World(users=20, days=2))
    tags = read_tags(shop)
    begin = time.perf_counter()
    names, places = read_names(shop, Ner(titles=chosen.titles), chosen.judged, chosen.seed)
    about = f"learned and judged in {time.perf_counter() - begin:.0f} s"
    report(tags, names, places, f"{about}, seed {chosen.seed}")


def report(tags: Judged, names: Judged, places: Judged, about: str) -> None:
    """All figures, as a table and as JSON."""
    kinds = {"tags": tags, "withheld names": names, "the same, whatever the facet": places}
    rows = [
        (what, facet or "all", f"{part.precision:.4f}", f"{part.recall:.4f}", f"{part.there:,}")
        for what, judged in kinds.items()
        for facet, part in judged.items()
    ]
    figures = {
        "tag_precision": round(tags[""].precision, 4),
        "tag_recall": round(tags[""].recall, 4),
        "withheld_recall": round(names[""].recall, 4),
        "withheld_precision": round(names[""].precision, 4),
    }
    publish("make bench-withheld", f"{about}\n\n{table(HEADS, rows)}", figures)


def made_shop(world: World) -> Shop:
    """Generate a world and read it back."""
    with TemporaryDirectory() as folder:
        generate(world, Path(folder))
        tags, items, truth = (
            _lines(Path(folder) / name)
            for name in ("tags.jsonl", "items.jsonl", "truth/items.jsonl")
        )
    ids = {tag["key"]: number for number, tag in enumerate(tags, 1)}
    return Shop(
        [
            TagEntry(ids[t["key"]], t["key"], t["facet"], tuple(ids[up] for up in t["parents"]))
            for t in tags
        ],
        [label for tag in tags for label in labels_of(ids[tag["key"]], tag)],
        [item["title"] for item in items],
        [[ids[item[f]] for f in ("category", "brand") if item[f]] for item in items],
        [[(s, e, facet, ids[key]) for s, e, facet, key in one["spans"]] for one in truth],
    )


def labels_of(tag: int, row: Mapping[str, Any]) -> Iterator[Label]:
    """Labels of one tag."""
    for language in ("zh", "en"):
        for name, kind in FIELDS:
            words = row[language + name] or []
            for word in [words] if isinstance(words, str) else words:
                yield Label(tag, language, kind, cast(str, word))


def read_tags(shop: Shop) -> Judged:
    """Read all titles with all labels: first without experience, then with the company of tags."""
    lexicon = build_lexicon(shop.entries, shop.labels)
    first = annotate(shop.titles, lexicon, hints=shop.hints)
    company = learn({*one.tags, *known} for one, known in zip(first, shop.hints, strict=True))
    read = annotate(shop.titles, lexicon, Reading(company), shop.hints)
    found = [{Fact(s.facet, s.tag or 0) for s in one.spans} for one in read]
    there = [{Fact(facet, tag) for _, _, facet, tag in one} for one in shop.truth]
    return judged(found, there, there)


def read_names(shop: Shop, ner: Ner, last: int, seed: int) -> tuple[Judged, Judged]:
    """Withhold labels, learn from the first titles, judge what the model alone sees in the last."""
    gone, kept = withhold(shop, seed)
    lexicon = build_lexicon(shop.entries, kept)
    model = taught(shop, lexicon, ner)
    titles, truth = shop.titles[-last:], shop.truth[-last:]
    read = annotate(titles, lexicon, Reading(), shop.hints[-last:], opinions(model, titles))
    found = [
        {
            Fact(s.facet, 0, s.start, s.end)
            for s in one.spans
            if s.source == "ner" and s.confidence >= SURE
        }
        for one in read
    ]
    there = [{Fact(facet, 0, start, end) for start, end, facet, _ in one} for one in truth]
    missing = [
        {name for name in names if normal(title[name.start : name.end]) in gone}
        for title, names in zip(titles, there, strict=True)
    ]
    return judged(found, there, missing), judged(*map(anywhere, (found, there, missing)))


def anywhere(facts: Sequence[set[Fact]]) -> list[set[Fact]]:
    """The same places of no facet."""
    return [{fact._replace(facet="") for fact in one} for one in facts]


def withhold(shop: Shop, seed: int) -> tuple[set[str], list[Label]]:
    """Take some words of each facet away, whoever goes by them; tells which, and what is left."""
    facets = {entry.id: entry.facet for entry in shop.entries}
    words: dict[str, set[str]] = {}
    for label in shop.labels:
        words.setdefault(facets[label.tag], set()).add(normal(label.text))
    chance, gone = random.Random(seed), set[str]()
    for facet in sorted(words):
        gone.update(chance.sample(sorted(words[facet]), round(SHARE * len(words[facet]))))
    return gone, [label for label in shop.labels if normal(label.text) not in gone]


def taught(shop: Shop, lexicon: Lexicon, ner: Ner) -> NerModel:
    """The model that `text.ner` makes of the first titles."""
    both = zip(shop.titles[: ner.titles], shop.hints, strict=False)
    titles = [Title(text, tuple(hints), frozenset(), checked=False) for text, hints in both]
    return learn_from(weak_samples(titles, lexicon, Reading()), lexicon, ner)[0]


def judged(
    found: Sequence[set[Fact]], there: Sequence[set[Fact]], asked: Sequence[set[Fact]]
) -> Judged:
    """By facet: what of the found is there, and what of the asked was found."""
    right = [mine & true for mine, true in zip(found, there, strict=True)]
    met = [mine & true for mine, true in zip(found, asked, strict=True)]
    counts = [_by_facet(facts) for facts in (right, found, met, asked)]
    facets = sorted({facet for count in counts for facet in count})
    return {facet: Part(*(count[facet] for count in counts)) for facet in facets}


def _by_facet(facts: Sequence[set[Fact]]) -> Counter[str]:
    """How many there are of each facet, and under "" of all."""
    counts = Counter(fact.facet for one in facts for fact in one if fact.facet)
    counts[""] = sum(map(len, facts))
    return counts


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
