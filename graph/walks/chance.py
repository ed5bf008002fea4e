"""Random numbers inside compiled code: one 64-bit state for each walk, so order does not matter."""

import numpy as np

from nlp.compiled import compiled

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
SPREAD = np.uint64(0x2545F4914F6CDD1D)
LOW = np.uint64(0xFFFFFFFF)
PART = np.float32(2.0**-24)
ONE, S8, S12, S25, S27, S30, S31, S32 = (np.uint64(bits) for bits in (1, 8, 12, 25, 27, 30, 31, 32))


@compiled
def seeded(seed: int, number: int) -> np.uint64:
    """Begin anew for each number (splitmix64, Steele et al. 2014)."""
    mixed = (np.uint64(seed) * SPREAD + np.uint64(number) + ONE) * GOLDEN
    mixed = (mixed ^ (mixed >> S30)) * FIRST
    mixed = (mixed ^ (mixed >> S27)) * SECOND
    return (mixed ^ (mixed >> S31)) | ONE


@compiled
def stepped(state: np.uint64) -> np.uint64:
    """Go on to the next state (xorshift64*, Vigna 2016)."""
    state ^= state >> S12
    state ^= state << S25
    return state ^ (state >> S27)


@compiled
def below(state: np.uint64, end: int) -> int:
    """Draw a whole number under `end`."""
    return int((((state * SPREAD) >> S32) * np.uint64(end)) >> S32)


@compiled
def fraction(state: np.uint64) -> np.float32:
    """Draw from 0 to 1, independently of what `below` draws from the same state."""
    return np.float32(((state * SPREAD) & LOW) >> S8) * PART
