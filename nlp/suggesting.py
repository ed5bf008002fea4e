"""How strongly a label pulls in segmentation: just enough to win over its own parts.

jieba's `suggest_freq`, against the dictionary alone, so that the order of labels cannot matter.
"""

import numpy as np

from nlp.compiled import Doubles, compiled
from nlp.dictionary import Dictionary
from nlp.folding import Folded
from nlp.tries import NOWHERE, ROOT, step


@compiled
def suggested(words: Folded, base: Dictionary) -> Doubles:
    """The weight of each word: log of (share by its likeliest parts, and a little more)."""
    found = np.empty(len(words.start) - 1)
    for at in range(len(found)):
        low, high = words.start[at], words.start[at + 1]
        count = np.exp(likeliest(words, base, low, high) - base.rare)
        found[at] = np.log(np.floor(count) + 1) + base.rare
    return found


@compiled
def likeliest(words: Folded, base: Dictionary, low: int, high: int) -> float:
    """Log share of the best way through the dictionary's words."""
    score = np.zeros(high - low + 1)
    for at in range(high - 1, low - 1, -1):
        best = base.rare + score[at + 1 - low]
        node = ROOT
        for place in range(at, high):
            node = step(base.trie, node, words.codes[place])
            if node == NOWHERE:
                break
            if base.weight[node] < 0:
                best = max(best, base.weight[node] + score[place + 1 - low])
        score[at - low] = best
    return float(score[0])
