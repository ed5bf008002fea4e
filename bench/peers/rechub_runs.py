"""Two towers by torch-rechub, in its own venv: a line in, one training, a line of JSON out."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch_rechub.basic.features import SequenceFeature, SparseFeature
from torch_rechub.models.matching import DSSM
from torch_rechub.trainers import MatchTrainer
from torch_rechub.utils.data import MatchDataGenerator

World = dict[str, Any]
Columns = dict[str, Any]
Settings = dict[str, Any]


def main() -> None:
    """Read what to do, then train as often as asked."""
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    settings = json.loads((folder / "settings.json").read_text())
    with np.load(folder / "world.npz") as found:
        world = dict(found)
    rows, asked = rows_of(world), asked_of(world)
    print("ready", flush=True)
    for _ in sys.stdin:
        seconds = trained(folder, settings, rows, asked)
        print(json.dumps({"seconds": seconds}), flush=True)


class Heated(DSSM):  # type: ignore[misc]
    """Its DSSM, which leaves its temperature out: the softmax over cosines needs one."""

    def user_tower(self, x: dict[str, torch.Tensor]) -> torch.Tensor | None:
        """Give persons' vectors, the longer the lower the temperature."""
        found = super().user_tower(x)
        return None if found is None else found / self.temperature


def rows_of(world: World) -> Columns:
    """Give a row for each positive: the deeds before it, the city, the item and its category."""
    items, length = world["items"][:, :-1], world["items"].shape[1] - 2
    persons, places = np.indices(items[:, 1:].shape)
    across = np.arange(length)
    known = across <= places[..., None]
    before = np.where(known, items[persons[..., None], np.minimum(across, length)] + 1, 0)
    targets = items[:, 1:].ravel()
    return {
        "hist": before.reshape(-1, length).astype(np.int64),
        "city": world["cities"][persons.ravel()].astype(np.int64),
        "item": targets.astype(np.int64) + 1,
        "category": world["categories"][targets].astype(np.int64),
    }


def asked_of(world: World) -> tuple[Columns, Columns]:
    """Give what persons are judged by, all but the last of their deeds, and all items."""
    numbers = np.arange(len(world["categories"]))
    persons = {"hist": world["items"][:, 1:-1].astype(np.int64) + 1, "city": world["cities"]}
    items = {"item": numbers + 1, "category": world["categories"]}
    return persons, items


def made(settings: Settings) -> Heated:
    """Make both towers."""
    dim, torch_layers = settings["dim"], [settings["hidden"], settings["dim"]]
    size = settings["items"] + 1
    history = SequenceFeature("hist", size, dim, pooling="mean", shared_with="item", padding_idx=0)
    persons = [SparseFeature("city", settings["cities"], dim), history]
    category = SparseFeature("category", settings["categories"], dim)
    items = [SparseFeature("item", size, dim, padding_idx=0), category]
    layers = {"dims": torch_layers, "activation": "relu"}
    return Heated(persons, items, layers, layers, temperature=settings["temperature"])


def trained(
    folder: Path, settings: Settings, rows: Columns, asked: tuple[Columns, Columns]
) -> float:
    """Train once and keep the vectors; give the seconds of the training alone."""
    torch.manual_seed(1)
    model = made(settings)
    data = MatchDataGenerator(rows, np.ones(len(rows["item"])))
    loaders = data.generate_dataloader(*asked, batch_size=settings["batch"], num_workers=0)
    trainer = MatchTrainer(
        model,
        in_batch_neg=True,
        optimizer_params={"lr": settings["rate"]},
        n_epoch=settings["epochs"],
        model_path=str(folder),
    )
    begin = time.process_time()
    trainer.fit(loaders[0])
    seconds = time.process_time() - begin
    found = [
        trainer.inference_embedding(model, mode, loader, str(folder)).numpy()
        for mode, loader in zip(("user", "item"), loaders[1:], strict=True)
    ]
    np.savez(folder / "vectors.npz", persons=found[0], items=found[1])
    return seconds


if __name__ == "__main__":
    main()
