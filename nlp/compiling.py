"""Compile a lexicon from tags and labels, and a changed one from the one before.

A change copies the arrays and adds to the copies, so a version in use is never disturbed. Written
forms that no tag goes by any more stay behind without owners, until the next full build.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nlp.compiled import Ints, Longs
from nlp.dictionary import base_dictionary
from nlp.folding import Folded, decode, fold
from nlp.fuzzy import LONGEST, SHORTEST, no_misspelt, with_labels
from nlp.inflection import inflections
from nlp.lexicon import KINDS, Change, Entry, Label, Lexicon, TagEntry, current
from nlp.net import INFLECTED, Net
from nlp.suggesting import suggested
from nlp.tries import extended
from nlp.versions import changed_version, version_of


class Ownership(NamedTuple):
    """Who goes by which pattern, in any order."""

    pattern: Ints
    owner: Ints
    kind: Ints


def build_lexicon(tags: Iterable[TagEntry], labels: Iterable[Label]) -> Lexicon:
    """Compile tags and their labels."""
    entries = gathered(tags, labels)
    return filled(empty_lexicon(), entries, list(entries), version_of(entries.values()))


def changed(lexicon: Lexicon, changes: Sequence[Change]) -> Lexicon:
    """A new version in which some tags are otherwise; the old one stays as it is."""
    entries = dict(lexicon.entries)
    touched = [change.id for change in changes]
    before = [entries[tag] for tag in set(touched) if tag in entries]
    for change in changes:
        entries.pop(change.id, None)
        if change.tag is not None:
            entries[change.id] = Entry(change.tag, change.labels)
    after = [entries[tag] for tag in set(touched) if tag in entries]
    version = changed_version(lexicon.version, before, after)
    moved = redirected(lexicon.entries, touched) | redirected(entries, touched)
    return filled(lexicon, entries, sorted(moved), version)


def redirected(entries: Mapping[int, Entry], touched: Sequence[int]) -> set[int]:
    """The touched tags, and those between which labels wander when redirects change."""
    found = set(touched)
    if any(tag in entries and entries[tag].tag.redirect is not None for tag in touched):
        found |= {current(entries, tag) for tag in touched}
    merged = [entry.tag.id for entry in entries.values() if entry.tag.redirect is not None]
    ends = {tag: current(entries, tag) for tag in merged}
    return found | {tag for tag in merged if ends[tag] in found or tag in found}


def gathered(tags: Iterable[TagEntry], labels: Iterable[Label]) -> dict[int, Entry]:
    """Tags with their labels, by id."""
    named: dict[int, list[Label]] = defaultdict(list)
    for label in labels:
        named[label.tag].append(label)
    return {tag.id: Entry(tag, tuple(named[tag.id])) for tag in sorted(tags)}


def empty_lexicon() -> Lexicon:
    """The dictionary alone."""
    base = base_dictionary()
    nothing, first = np.zeros(0, np.int32), np.zeros(1, np.int64)
    net = Net(
        base.trie,
        base.weight,
        np.full(len(base.weight), -1, np.int32),
        np.full(len(base.weight), -1, np.int32),
        nothing,
        np.zeros(0),
        first,
        nothing,
        np.zeros(0, np.uint8),
        first,
        nothing,
        nothing,
        np.zeros(0, np.int64),
        first,
        nothing,
        no_misspelt(0),
        base.rare,
        base.guesser,
    )
    return Lexicon("", net, (), (), {}, {})


def filled(old: Lexicon, entries: dict[int, Entry], touched: list[int], version: str) -> Lexicon:
    """The old arrays with the touched tags as they are in `entries`."""
    fresh = [tag for tag in touched if tag in entries and tag not in old.places]
    places = {**old.places, **{tag: len(old.places) + at for at, tag in enumerate(fresh)}}
    facets = tuple(dict.fromkeys((*old.facets, *(entries[tag].tag.facet for tag in fresh))))
    facets = tuple(
        dict.fromkeys((*facets, *(entries[t].tag.facet for t in touched if t in entries)))
    )
    numbers = np.fromiter(places, np.int64, len(places))
    rows = list(written(entries, touched))
    net, patterns = with_patterns(old.net, [form for form, _, _ in rows])
    net = owned_by(net, patterns, rows, places, touched)
    net = revived(related(net, entries, places, facets, touched)._replace(number=numbers))
    keys = [*old.keys, *(entries[tag].tag.key for tag in fresh)]
    for tag in touched:
        if tag in entries:
            keys[places[tag]] = entries[tag].tag.key
    return Lexicon(version, net, facets, tuple(keys), entries, places)


def written(entries: Mapping[int, Entry], touched: Iterable[int]) -> Iterator[tuple[str, int, int]]:
    """Folded form, tag today, and kind of every way to write the touched tags."""
    labels = [label for tag in touched if tag in entries for label in entries[tag].labels]
    for label, form in zip(labels, folded_forms([label.text for label in labels]), strict=True):
        if form:
            tag, kind = current(entries, label.tag), KINDS[label.kind]
            yield form, tag, kind
            if tag in entries:
                yield from ((other, tag, INFLECTED) for other in inflections(form))


def folded_forms(texts: Sequence[str]) -> Iterator[str]:
    """The compared form of each text; what has neither letter nor digit is empty."""
    folded = fold(texts)
    whole = decode(folded.codes)
    for at in range(len(texts)):
        form = whole[folded.start[at] : folded.start[at + 1]].strip()
        yield form if any(letter.isalnum() for letter in form) else ""


def with_patterns(net: Net, forms: Sequence[str]) -> tuple[Net, Ints]:
    """The net knowing these forms, and the pattern of each."""
    unique = list(dict.fromkeys(forms))
    folded = fold(unique)
    trie, nodes = extended(net.trie, folded.codes, folded.start)
    pattern = grown(net.pattern, int(trie.size[0]), -1)
    new = pattern[nodes] < 0
    count = len(net.fed)
    pattern[nodes[new]] = count + np.arange(new.sum(), dtype=np.int32)
    known = dict(zip(unique, pattern[nodes].tolist(), strict=True))
    found = np.fromiter((known[form] for form in forms), np.int32, len(forms))
    fed = np.concatenate([net.fed, suggested(folded, base_dictionary())[new]])
    node = np.concatenate([net.node, nodes[new]])
    net = net._replace(trie=trie, pattern=pattern, node=node, fed=fed)
    return with_forms(net, folded, new, count), found


def with_forms(net: Net, folded: Folded, new: np.ndarray, count: int) -> Net:
    """Keep the codes of new patterns, and file the Latin words among them for fuzzy matching."""
    lengths = np.diff(folded.start)
    forms = np.concatenate([net.forms, folded.codes[np.repeat(new, lengths)].astype(np.int32)])
    form = np.concatenate([net.form, net.form[-1] + np.cumsum(lengths[new])])
    sizes = np.diff(form)[count:]
    letters = np.add.reduceat(is_letter(forms), form[:-1]) if len(forms) else sizes
    words = (letters[count:] == sizes) & (sizes >= SHORTEST) & (sizes <= LONGEST)
    patterns = (count + np.flatnonzero(words)).astype(np.int32)
    misspelt = with_labels(net.misspelt, forms, form, patterns)
    return net._replace(forms=forms, form=form, misspelt=misspelt)


def is_letter(codes: Ints) -> Longs:
    """1 for each of a to z."""
    return ((codes >= ord("a")) & (codes <= ord("z"))).astype(np.int64)


def revived(net: Net) -> Net:
    """Labels and weights at the nodes, for the patterns that tags go by."""
    living = np.flatnonzero(np.diff(net.owned)).astype(np.int32)
    label = np.full(len(net.pattern), -1, np.int32)
    label[net.node[living]] = living
    weight = grown(base_dictionary().weight, len(label), 0)
    known, fed = weight[net.node[living]], net.fed[living]
    weight[net.node[living]] = np.where(known < 0, np.maximum(known, fed), fed)
    return net._replace(label=label, weight=weight)


def grown(old: np.ndarray, size: int, value: float) -> np.ndarray:
    """A longer copy."""
    new = np.full(size, value, old.dtype)
    new[: len(old)] = old
    return new


def owned_by(
    net: Net,
    patterns: Ints,
    rows: Sequence[tuple[str, int, int]],
    places: Mapping[int, int],
    touched: Sequence[int],
) -> Net:
    """Take the touched tags off their old patterns and put them on their new ones."""
    count = len(net.fed)
    held = np.repeat(np.arange(len(net.owned) - 1, dtype=np.int32), np.diff(net.owned))
    gone = np.zeros(len(places), np.bool_)
    gone[[places[tag] for tag in touched if tag in places]] = True
    keep = ~gone[net.owner] if len(net.owner) else np.zeros(0, np.bool_)
    known = np.array([tag in places for _, tag, _ in rows], np.bool_)
    owner = np.array([places.get(tag, 0) for _, tag, _ in rows], np.int32)
    kind = np.array([kind for _, _, kind in rows], np.int32)
    added = Ownership(patterns[known], owner[known], kind[known])
    kept = Ownership(held[keep], net.owner[keep], net.kind[keep].astype(np.int32))
    return ordered(net, Ownership(*map(np.concatenate, zip(kept, added, strict=True))), count)


def ordered(net: Net, rows: Ownership, count: int) -> Net:
    """Owners by pattern, each once with its best kind; inflected only where nobody is exact."""
    order = np.lexsort((rows.kind, rows.owner, rows.pattern))
    pattern, owner, kind = (column[order] for column in rows)
    exact = np.zeros(count, np.bool_)
    exact[pattern[kind != INFLECTED]] = True
    fair = (kind != INFLECTED) | ~exact[pattern]
    pattern, owner, kind = pattern[fair], owner[fair], kind[fair]
    first = np.ones(len(pattern), np.bool_)
    first[1:] = (pattern[1:] != pattern[:-1]) | (owner[1:] != owner[:-1])
    pattern, owner, kind = pattern[first], owner[first], kind[first]
    owned = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(pattern, minlength=count), out=owned[1:])
    return net._replace(owned=owned, owner=owner, kind=kind.astype(np.uint8))


def related(
    net: Net,
    entries: Mapping[int, Entry],
    places: Mapping[int, int],
    facets: Sequence[str],
    touched: Sequence[int],
) -> Net:
    """Facets and parents of all tags."""
    number = {name: at for at, name in enumerate(facets)}
    facet = grown(net.facet, len(places), 0)
    for tag in touched:
        if tag in entries:
            facet[places[tag]] = number[entries[tag].tag.facet]
    above = closure(entries, places)
    raised = np.zeros(len(places) + 1, np.int64)
    np.cumsum([len(ups) for ups in above], out=raised[1:])
    flat = np.array([up for ups in above for up in ups], np.int32)
    return net._replace(facet=facet, raised=raised, above=flat)


def closure(entries: Mapping[int, Entry], places: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Places of all ancestors of every tag."""
    known: dict[int, tuple[int, ...]] = {}
    return [tuple(places[up] for up in over(entries, tag, known) if up in places) for tag in places]


def over(
    entries: Mapping[int, Entry], tag: int, known: dict[int, tuple[int, ...]]
) -> tuple[int, ...]:
    """Ancestors of a tag; what is known of a parent is used, a circle ends where it closes."""
    if tag not in known:
        known[tag] = ()
        ups = lifted(entries, tag)
        far = (upper for up in ups for upper in over(entries, up, known))
        known[tag] = tuple(dict.fromkeys((*ups, *far)))
    return known[tag]


def lifted(entries: Mapping[int, Entry], tag: int) -> list[int]:
    """Parents as they are called today."""
    entry = entries.get(tag)
    return [current(entries, up) for up in entry.tag.parents] if entry else []
