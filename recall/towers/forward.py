"""The person tower in plain numpy, for one person at a time: no torch where requests are answered.

The same formulas as in `persons`, `layers` and `encoders`; a test holds both against each other.
"""

from collections.abc import Callable, Mapping

import numpy as np

from graph.graph import Floats
from recall.spaces.trained import unit
from recall.towers.journeys import strengths_of

Arrays = Mapping[str, Floats]
Encode = Callable[[Arrays, Floats, int], Floats]
LEAST, TINY = 1e-5, 1e-9


def linear(arrays: Arrays, name: str, x: Floats) -> Floats:
    """Give x W + b."""
    out: Floats = x @ arrays[f"{name}.weight"].T
    return out + arrays[f"{name}.bias"] if f"{name}.bias" in arrays else out


def normed(arrays: Arrays, name: str, x: Floats) -> Floats:
    """Give each vector the mean nought and the spread one, then stretch and move."""
    centred = x - x.mean(-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(-1, keepdims=True) + LEAST)
    out: Floats = centred / spread * arrays[f"{name}.weight"] + arrays[f"{name}.bias"]
    return out


def softmax(x: Floats, axis: int = -1) -> Floats:
    """Give shares that sum to one."""
    shares = np.exp(x - x.max(axis, keepdims=True))
    return np.asarray(shares / shares.sum(axis, keepdims=True), np.float32)


def gelu(x: Floats) -> Floats:
    """Bend, smoothly; erf as Abramowitz and Stegun 7.1.26 have it, right to six digits."""
    z = np.abs(x) / np.sqrt(2.0)
    t = 1 / (1 + 0.3275911 * z)
    bends = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
    tail = np.zeros_like(t)
    for bend in reversed(bends):
        tail = (tail + bend) * t
    erf = np.sign(x) * (1 - tail * np.exp(-(z**2)))
    return np.asarray(x * (1 + erf) / 2, np.float32)


def averaged(arrays: Arrays, tokens: Floats, heads: int) -> Floats:
    """Give the mean. # (length, dim) -> (1, dim)"""
    return np.asarray(tokens.mean(0, keepdims=True))


def attentive(arrays: Arrays, tokens: Floats, heads: int) -> Floats:
    """Give what the last place says after all blocks. # (length, dim) -> (1, dim)"""
    x = tokens + arrays["encoder.places"][: len(tokens)]
    block = 0
    while f"encoder.blocks.{block}.look.weight" in arrays:
        x = _block(arrays, f"encoder.blocks.{block}.", x, heads)
        block += 1
    return x[-1:]


def moods(arrays: Arrays, tokens: Floats, heads: int) -> Floats:
    """Give the interests at the last place. # (length, dim) -> (interests, dim)"""
    begin = arrays["encoder.begin"]
    short, rounds = map(int, arrays["encoder.told"])
    key = linear(arrays, "encoder.key", tokens) * tokens.shape[1] ** -0.5
    slots = begin + linear(arrays, "encoder.near", tokens[-1:]).reshape(begin.shape)
    parts = _parts(arrays, slots, key)
    for _ in range(rounds - 1):
        parts = _parts(arrays, _summed(parts, tokens)[0], key)
    lately = np.arange(len(tokens)) >= len(tokens) - short
    near, near_mass = _summed(parts * lately, tokens)
    far, far_mass = _summed(parts, tokens)
    masses = np.log1p(np.concatenate((near_mass, far_mass), -1))
    told = linear(arrays, "encoder.gate", np.concatenate((near, far, masses), -1))
    gate = 1 / (1 + np.exp(-told))
    return np.asarray(gate * near + (1 - gate) * far, np.float32)


ENCODERS: Mapping[str, Encode] = {"Averaged": averaged, "Attentive": attentive, "Moods": moods}


def tokens_of(arrays: Arrays, items: Floats, weights: Floats) -> Floats:
    """Make deeds what the encoder reads. # (length, dim) -> (length + 1, dim)"""
    strengths = strengths_of(weights)[:, None] * arrays["strength"]
    x = unit(items) * np.float32(items.shape[1] ** 0.5) + strengths
    return np.asarray(np.concatenate((arrays["begin"][None], x)), np.float32)


def tags_of(arrays: Arrays, states: Floats, tags: Floats, shares: Floats) -> Floats:
    """Attend to long-term interests. # (interests, dim)"""
    key, value = (linear(arrays, f"interests.{name}", tags) for name in ("key", "value"))
    fit = linear(arrays, "interests.query", states) @ key.T * states.shape[1] ** -0.5
    return np.asarray(softmax(fit + np.log(shares)) @ value, np.float32)


def finished(arrays: Arrays, x: Floats, known: Floats) -> Floats:
    """Bring together deeds and what else is known. # (interests, dim)"""
    x = normed(arrays, "norm", x + known)
    layer = 0
    while f"deep.{layer}.weight" in arrays:
        x = np.maximum(x, 0) if layer else x
        x = linear(arrays, f"deep.{layer}", x)
        layer += 2
    return np.asarray(x, np.float32)


def _block(arrays: Arrays, name: str, x: Floats, heads: int) -> Floats:
    looks = linear(arrays, name + "look", normed(arrays, name + "before", x))
    split = looks.reshape(len(x), 3, heads, -1).transpose(1, 2, 0, 3)
    query, key, value = split  # (heads, length, dim of a head)
    fit = query @ key.transpose(0, 2, 1) * key.shape[-1] ** -0.5
    fit = np.where(np.tri(len(x), dtype=np.bool_), fit, -np.inf)
    seen = (softmax(fit) @ value).transpose(1, 0, 2).reshape(len(x), -1)
    x = x + linear(arrays, name + "tell", seen)
    wide = gelu(linear(arrays, name + "wide", normed(arrays, name + "between", x)))
    return np.asarray(x + linear(arrays, name + "narrow", wide), np.float32)


def _parts(arrays: Arrays, slots: Floats, key: Floats) -> Floats:
    return softmax(linear(arrays, "encoder.query", slots) @ key.T, 0)  # (interests, length)


def _summed(parts: Floats, tokens: Floats) -> tuple[Floats, Floats]:
    masses = parts.sum(-1, keepdims=True)
    return np.asarray(parts / (masses + TINY) @ tokens, np.float32), masses
