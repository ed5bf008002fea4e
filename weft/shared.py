"""Arrays that the processes of one machine share: one works them out, all of them map a file."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weft.logs import log

Arrays = Mapping[str, NDArray[Any]]
FOLDER = "WEFT_SHARED"  # given by `weft up` to the processes that it starts
KEPT = 3  # of one family: what is mapped stays there until nobody maps it
FORGOTTEN = 3 * 3600.0  # seconds; a family belongs to an artifact, and artifacts go


def shared(
    family: str, version: str, make: Callable[[], Arrays], instead: Sequence[str] = ()
) -> Arrays:
    """Give arrays by name, from a file that others may have written; or made, where none share.

    Who comes second waits for the first, unless an older version is there that will do `instead`.
    What is mapped may be written to, for oneself alone.
    """
    place = os.environ.get(FOLDER)
    if place is None:
        return make()
    folder = Path(place) / family / version
    made: Arrays | None = None
    try:
        for old in (folder.with_name(one) for one in (version, *instead) if instead):
            if old.exists():
                return _all_mapped(old)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.parent):
            if not folder.exists():
                made = make()
                _write(folder, made)
                _tidy(folder.parent)
            return _all_mapped(folder)
    except OSError as error:  # such as a disk that is full: memory will do
        log("shared").warning("arrays are not shared", family=family, reason=str(error))
        shutil.rmtree(_aside(folder), ignore_errors=True)
        return make() if made is None else made


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for the others; that this family was asked for is noted."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # ends with the process, however that ends
        os.utime(file.fileno())
        yield


def _write(folder: Path, arrays: Arrays) -> None:
    """Write all, or nothing."""
    aside = _aside(folder)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for name, array in arrays.items():
        np.save(aside / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
    aside.rename(folder)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}")


def _tidy(family: Path) -> None:
    """Drop old versions, and families that nobody has asked for of late."""
    for other in family.parent.iterdir():
        lock = other / "lock"
        if other != family and lock.exists() and time.time() - lock.stat().st_mtime > FORGOTTEN:
            shutil.rmtree(other, ignore_errors=True)
    versions = sorted(
        (one for one in family.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime
    )
    for old in versions[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _all_mapped(folder: Path) -> Arrays:
    return {file.stem: _mapped(file) for file in folder.glob("*.npy")}


def _mapped(file: Path) -> NDArray[Any]:
    """Map a file; an empty one cannot be mapped."""
    if not np.load(file, mmap_mode="r", allow_pickle=False).size:
        return np.asarray(np.load(file, allow_pickle=False))
    return np.asarray(np.load(file, mmap_mode="c", allow_pickle=False))
