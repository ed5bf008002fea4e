"""Files that were good once: rows whose fate is known, and ways to damage them."""

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

LETTERS = "aé连衣裙 ,\"|'\\;x9"


@dataclass(frozen=True)
class Damaged:
    """A damaged file: the keys that must be loaded, and how many rows must be rejected."""

    path: Path
    good: set[str]
    bad: int
    note: str


def cells(chance: random.Random, number: int) -> dict[str, object]:
    """Make a good row."""
    title = "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, 30))).strip() or "t"
    return {"key": f"k{number}", "title": title, "price": chance.choice([5, 7.5, "1,299.00", None])}


def text_of(row: dict[str, object], form: str) -> bytes:
    """Write a row as a line."""
    if form == "jsonl":
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(["" if c is None else c for c in row.values()])
    return out.getvalue().encode()


def cut(chance: random.Random, line: bytes) -> bytes:
    """Lose the end, at least one separator with it."""
    return line[: chance.randint(1, 3)] + b"\n"


def random_bytes(chance: random.Random, line: bytes) -> bytes:
    """Put bytes that are in no encoding."""
    return b"\xff\xfe" + chance.randbytes(20).replace(b"\n", b"") + line


def nul(chance: random.Random, line: bytes) -> bytes:
    """Put a NUL somewhere before the end."""
    place = chance.randrange(len(line) - 1)
    return line[:place] + b"\0" + line[place:]


def long(_: random.Random, line: bytes) -> bytes:
    """Make a line of more than a MiB."""
    return b"x" * (2**20 + 10) + line


def stray_quote(_: random.Random, line: bytes) -> bytes:
    """Open a quote and never close it."""
    return b'"' + line.replace(b'"', b"")


def wrong_price(chance: random.Random, line: bytes) -> bytes:
    """Say a price that is none."""
    key = b"w%d" % chance.randrange(10**9)
    price = chance.choice([b"1.299,00", b"NaN", b"free", "¥5".encode()])
    if line.startswith(b"{"):
        return b'{"key":"' + key + b'","title":"T","price":"' + price + b'"}\n'
    return key + b',T,"' + price + b'"\n'


WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    cut, random_bytes, nul, long, stray_quote, wrong_price,
)  # fmt: skip


def damaged_lines(chance: random.Random, folder: Path, form: str) -> Damaged:
    """Make a text file in which some lines were damaged, one way or another."""
    parts, good, bad = [b"key,title,price\n"] if form == "csv" else [], set(), 0
    ways = set()
    for number in range(chance.randint(5, 40)):
        row = cells(chance, number)
        line = text_of(row, form)
        if chance.random() < 0.25:
            way = chance.choice(WAYS)
            parts.append(way(chance, line))
            bad += 1
            ways.add(way.__name__)
        else:
            parts.append(line)
            good.add(str(row["key"]))
    path = folder / f"damaged.{form}"
    path.write_bytes(b"".join(parts))
    return Damaged(path, good, bad, f"{form}: {', '.join(sorted(ways))}")


def damaged_parquet(chance: random.Random, folder: Path) -> Damaged:
    """Make a Parquet file with bad values, and now and then with bytes of it overwritten."""
    rows = [cells(chance, number) for number in range(chance.randint(5, 40))]
    prices = [chance.choice(["5", "1,299.00", "1.299,00", "x\0"]) for _ in rows]
    path = folder / "damaged.parquet"
    frame = pl.DataFrame({"key": [r["key"] for r in rows], "title": [r["title"] for r in rows],
                          "price": prices})  # fmt: skip
    frame.write_parquet(path, row_group_size=8)
    good = {
        str(r["key"]) for r, price in zip(rows, prices, strict=True) if price in ("5", "1,299.00")
    }
    return Damaged(path, good, len(rows) - len(good), "parquet: values")


def broken_parquet(chance: random.Random, folder: Path) -> Damaged:
    """Break a Parquet file's bytes; what is left of it nobody can say."""
    whole = damaged_parquet(chance, folder)
    content = bytearray(whole.path.read_bytes())
    if chance.random() < 0.4:
        del content[chance.randrange(len(content)) :]
    for _ in range(chance.randint(1, 30)):
        if content:
            content[chance.randrange(len(content))] = chance.randrange(256)
    whole.path.write_bytes(content)
    return Damaged(whole.path, set(), -1, "parquet: bytes")
