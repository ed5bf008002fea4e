"""The position's curve as a model learned it beside the one of the world; and what it gives."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sqlalchemy import Connection

from bench.results import table
from ranking.evaluation.areas import areas_by_person
from ranking.evaluation.later import examine
from ranking.features.asked import Asked
from ranking.features.rows import encode
from ranking.labelled import Labelled
from ranking.lessons import Course
from ranking.networks.bias import Unbiased
from ranking.ready import Ready
from ranking.samples.reading import part
from ranking.training.trained import Trained

PLACES = 10  # of each scene: what lies deeper is seldom shown


def curve_table(
    connection: Connection, models: Sequence[Ready], later: Labelled, files: Path
) -> tuple[str, dict[str, float]]:
    """Compare the shares of looks by place, each scene's first place taken as one."""
    truth = json.loads((files / "truth" / "scenes.json").read_text("utf-8"))
    shown = _shown(later)
    rows, apart = [], []
    for model in models:
        for scene, found in _curves(connection, model, later, list(truth)):
            planted = np.array(truth[scene][:PLACES])
            off = np.abs(found / planted - 1)
            apart.append(np.average(off, weights=shown[scene]))
            told = " ".join(f"{value:.2f}" for value in found)
            true = " ".join(f"{value:.2f}" for value in planted)
            rows.append((scene, told, true, f"{100 * apart[-1]:.1f} %", f"{100 * off.max():.1f} %"))
    heads = ("scene", f"looks at places 1–{PLACES}", "as planted", "mean apart", "most apart")
    return table(heads, rows), {"position.apart": round(float(np.mean(apart)), 4)}


def on_lots(
    connection: Connection, course: Course, later: Labelled, models: Sequence[Ready], files: Path
) -> tuple[str, dict[str, float]]:
    """Give GAUC on the requests whose order was drawn by lot."""
    lines = (files / "truth" / "randomised.jsonl").read_text("utf-8").splitlines()
    drawn = {json.loads(line)["trace"] for line in lines}
    lots = np.array([trace in drawn for trace in later.traces])
    exam = examine(connection, course, part(later, lots[later.groups]), models)
    values = {
        name: areas_by_person(chances[:, 0], exam.labels[:, 0], exam.persons).mean()
        for name, chances in exam.chances.items()
    }
    rows = [(name, f"{value:.4f}") for name, value in values.items()]
    head = f"GAUC, order by lot ({len(exam.labels):,} rows)"
    found = {f"position.{name}.by_lot": round(value, 4) for name, value in values.items()}
    return table(("model", head), rows), found


def _shown(later: Labelled) -> dict[str, NDArray[np.float64]]:
    """Count how often each place was shown in each scene."""
    counts = {}
    for number, scene in enumerate(later.scene_names):
        places = later.positions[(later.scenes == number) & (later.positions >= 0)]
        counts[scene] = np.bincount(places, minlength=PLACES)[:PLACES].astype(np.float64)
    return counts


def _curves(
    connection: Connection, model: Ready, later: Labelled, scenes: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Give the learned curve of each scene."""
    scorer = model.scorer
    if not isinstance(scorer, Trained) or not isinstance(scorer.network, Unbiased):
        return
    for scene in scenes:
        codes = encode(connection, model.encoding, _asked(later, scene)).bias
        with torch.inference_mode():
            looked = scorer.network.looked(torch.from_numpy(codes))
        shares = looked.exp()[:, 0].double().numpy()
        yield scene, shares / shares[0]


def _asked(later: Labelled, scene: str) -> Asked:
    """Ask for one item at each place of a scene."""
    moment = np.array([later.times[0] * 1e6], np.int64)
    return Asked(
        later.persons[:1],
        moment,
        np.zeros(1, np.int32),
        (scene,),
        np.zeros(PLACES, np.int64),
        np.repeat(later.items[:1], PLACES),
        np.arange(PLACES, dtype=np.int32),
    )
