"""A lexicon as arrays: what the compiled passes read."""

from typing import NamedTuple

from nlp.compiled import Bytes, Doubles, Ints, Longs
from nlp.dictionary import Guesser
from nlp.tries import Trie

PREFERRED, SYNONYM, HIDDEN, INFLECTED = range(4)


class Misspelt(NamedTuple):
    """Long Latin labels under what is left of them when letters are dropped, in chains."""

    seen: Bytes  # one bit by hash, to say no quickly
    head: Ints  # by hash of the remainder: the first entry, -1 for none
    following: Ints  # by entry
    pattern: Ints  # by entry
    size: Longs


class Net(NamedTuple):
    """A pattern is one written form; its owners are the tags that go by it."""

    trie: Trie
    weight: Doubles  # by node: the log share of a word of dictionary or lexicon, 0 for none
    label: Ints  # by node: the pattern that ends here, if a tag goes by it, else -1
    pattern: Ints  # by node: the pattern that ends here, even if nobody goes by it any more
    node: Ints  # by pattern: where it ends
    fed: Doubles  # by pattern: its weight in segmentation
    owned: Longs  # by pattern: where its owners begin; one more at the end
    owner: Ints  # by owner: the tag's place
    kind: Bytes  # by owner: preferred, synonym, hidden or inflected
    raised: Longs  # by tag: where its ancestors begin; one more at the end
    above: Ints  # places of ancestors
    facet: Ints  # by tag
    number: Longs  # by tag: its id
    form: Longs  # by pattern: where its codes begin in `forms`; one more at the end
    forms: Ints
    misspelt: Misspelt
    rare: float
    guesser: Guesser
