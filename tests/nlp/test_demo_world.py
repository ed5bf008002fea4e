import json

import pytest

from nlp.annotating import Reading, annotate
from nlp.compiling import build_lexicon
from nlp.confidence import calibrate, calibration_error
from nlp.cooccurrence import learn
from nlp.lexicon import Label, TagEntry
from world import World, generate

FIELDS = [("", "preferred"), ("_synonyms", "synonym"), ("_hidden", "hidden")]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    generate(World(items=4000, users=20, days=2), folder)
    tags = read(folder / "tags.jsonl")
    ids = {tag["key"]: at for at, tag in enumerate(tags, 1)}
    entries = [
        TagEntry(ids[t["key"]], t["key"], t["facet"], tuple(ids[up] for up in t["parents"]))
        for t in tags
    ]
    labels = [label for tag in tags for label in labels_of(ids[tag["key"]], tag)]
    items, truth = read(folder / "items.jsonl"), read(folder / "truth" / "items.jsonl")
    spans = [{(s, e, facet, ids[key]) for s, e, facet, key in one["spans"]} for one in truth]
    hints = [[ids[one[name]] for name in ("category", "brand") if one[name]] for one in items]
    return build_lexicon(entries, labels), [one["title"] for one in items], spans, hints


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def labels_of(tag, row):
    for language in ("zh", "en"):
        for field, kind in FIELDS:
            words = row[language + field] or []
            for word in [words] if isinstance(words, str) else words:
                yield Label(tag, language, kind, word)


def judged(reads, truth):
    found = [{(s.start, s.end, s.facet, s.tag) for s in one.spans} for one in reads]
    right = sum(len(one & other) for one, other in zip(found, truth, strict=True))
    return right / sum(map(len, found)), right / sum(map(len, truth))


def samples(reads, truth):
    for one, true in zip(reads, truth, strict=True):
        for span in one.spans:
            yield span.confidence, (span.start, span.end, span.facet, span.tag) in true


def test_titles_alone_reach_the_goal(world):
    lexicon, titles, truth, _ = world
    precision, recall = judged(annotate(titles, lexicon), truth)
    assert precision >= 0.98
    assert recall >= 0.96


def test_company_and_catalogue_make_it_better_and_honest(world):
    lexicon, titles, truth, hints = world
    half = len(titles) // 2
    first = annotate(titles[:half], lexicon, hints=hints[:half])
    tags = [{*one.tags, *known} for one, known in zip(first, hints, strict=False)]
    company = learn(tags)
    raw = annotate(titles[:half], lexicon, Reading(company), hints[:half])
    reading = Reading(company, calibrate(samples(raw, truth[:half])))
    reads = annotate(titles[half:], lexicon, reading, hints[half:])
    precision, recall = judged(reads, truth[half:])
    assert precision >= 0.985
    assert recall >= 0.97
    assert calibration_error(samples(reads, truth[half:])) <= 0.02
