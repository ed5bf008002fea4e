"""A split of clicks in libfm's format: each line a label and `feature:1` of every field in turn."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ranking.examples import Codes, Columns, Examples, Field, Inputs, Layout, Side, nothing

WORDS = ("train", "valid", "test")


@dataclass(frozen=True)
class Split:
    """What is learned, what decides the end, and what is tested."""

    layout: Layout
    learn: Examples
    check: Examples
    test: Examples


def read_split(folder: Path) -> Split:
    """Read the three files; numbers of features run on from field to field."""
    lines = [_lines(_file(folder, word)) for word in WORDS]
    codes = np.concatenate([line[:, 1:] for line in lines])
    firsts, lasts = codes.min(0), codes.max(0)
    sizes = lasts - firsts + 2
    fields = tuple(Field(f"field{n}", int(size), f"field{n}") for n, size in enumerate(sizes))
    layout = Layout(pairs=Side(ones=fields))
    return Split(layout, *(_examples(line, firsts) for line in lines))


def _file(folder: Path, word: str) -> Path:
    found = sorted(folder.glob(f"*{word}*.libfm"))
    if not found:
        raise SystemExit(f"{folder}: no file *{word}*.libfm; a split in libfm's format is needed")
    return found[0]


def _lines(file: Path) -> Codes:
    """Read a file into a label and a number for each field. # (lines, 1 + fields)"""
    lines = [line.split() for line in file.read_text().splitlines()]
    return np.array([[float(w.partition(":")[0]) for w in words] for words in lines], np.int32)


def _examples(lines: Codes, firsts: Codes) -> Examples:
    rows = np.arange(len(lines))
    ones = (lines[:, 1:] - firsts + 1).astype(np.int32)
    none, nobody = np.zeros(len(rows), np.int64), np.zeros((len(rows), 0), np.int32)
    inputs = Inputs(nothing(1), nothing(1), Columns(ones), none, none, nobody)
    labels = (lines[:, :1] > 0).astype(np.float32)
    weights, times = np.ones(len(rows), np.float32), np.zeros(len(rows))
    return Examples(
        inputs,
        labels,
        weights,
        ones[:, 0].astype(np.int64),
        rows,
        times,
        np.full(len(rows), -1, np.int32),
    )
