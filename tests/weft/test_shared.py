import multiprocessing
import os
import time
from pathlib import Path

import numpy as np
import pytest

from weft.shared import FOLDER, FORGOTTEN, KEPT, Arrays, _alone, shared


def numbers() -> Arrays:
    return {"few": np.arange(3), "none": np.zeros((0, 4), np.float32)}


def test_without_a_folder_arrays_are_made_for_oneself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    assert shared("some", "1", numbers)["few"].tolist() == [0, 1, 2]


def test_arrays_are_made_once_and_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    made = []

    def make() -> Arrays:
        made.append(1)
        return numbers()

    for _ in range(3):
        found = shared("some", "1", make)
        assert isinstance(found["few"].base, np.memmap)
        assert found["none"].shape == (0, 4)
    assert made == [1]


def test_what_one_writes_nobody_else_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    shared("some", "1", numbers)["few"][0] = 7
    assert shared("some", "1", numbers)["few"].tolist() == [0, 1, 2]


def test_what_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))

    def fail() -> Arrays:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        shared("some", "1", fail)
    assert shared("some", "1", numbers)["few"].tolist() == [0, 1, 2]


def test_old_versions_go_and_stay_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    first = shared("some", "0", numbers)["few"]
    for version in range(1, KEPT + 3):
        shared("some", str(version), numbers)
    assert len([one for one in (tmp_path / "some").iterdir() if one.is_dir()]) == KEPT
    assert first.tolist() == [0, 1, 2]


def test_what_nobody_asked_for_of_late_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    shared("old", "1", numbers)
    shared("other", "1", numbers)
    long_ago = time.time() - 2 * FORGOTTEN
    os.utime(tmp_path / "old" / "lock", (long_ago, long_ago))
    shared("new", "1", numbers)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new", "other"]


def test_where_nothing_can_be_written_memory_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(FOLDER, str(tmp_path / "file"))
    assert shared("some", "1", numbers)["few"].tolist() == [0, 1, 2]


def drawn() -> Arrays:
    return {"few": np.random.default_rng().integers(10**9, size=1)}


def ask(place: str, found: "multiprocessing.Queue[int]") -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, place)
        found.put(
            int(
                shared(
                    "some", "1", lambda: {"few": np.random.default_rng().integers(10**9, size=1)}
                )["few"][0]
            )
        )


def test_processes_that_ask_at_once_get_the_same(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[int] = context.Queue()
    asking = [context.Process(target=ask, args=(str(tmp_path), found)) for _ in range(3)]
    for one in asking:
        one.start()
    numbers = {found.get(timeout=60) for _ in asking}
    for one in asking:
        one.join()
    assert len(numbers) == 1


def test_an_older_version_will_do_and_nobody_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    shared("some", "1", numbers)
    with _alone(tmp_path / "some"):
        assert shared("some", "2", drawn, ["1"])["few"].tolist() == [0, 1, 2]
    assert shared("some", "2", drawn)["few"].tolist() != [0, 1, 2]
    assert shared("some", "2", numbers, ["1"])["few"].shape == (1,)
