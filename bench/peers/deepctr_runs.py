"""DeepFM, DCN v2 and DIN of deepctr-torch, in its own venv: a line in, one training, JSON out."""

import json
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import torch
from deepctr_torch.inputs import SparseFeat, VarLenSparseFeat
from deepctr_torch.models import DCN, DIN, DeepFM
from sklearn.metrics import roc_auc_score

Settings = dict[str, Any]
PLAIN = {"l2_reg_embedding": 0.0, "l2_reg_dnn": 0.0}  # no prices: they cost time
LINEAR = {**PLAIN, "l2_reg_linear": 0.0}


def main() -> None:
    """Read what to do, then train as often as asked."""
    folder = Path(sys.argv[1])
    settings = json.loads((folder / "settings.json").read_text())
    torch.set_num_threads(settings["threads"])
    print("ready", flush=True)
    for line in sys.stdin:
        with redirect_stdout(sys.stderr):
            told = trained(folder, settings, **json.loads(line))
        print(json.dumps(told), flush=True)


def trained(folder: Path, settings: Settings, model: str, world: str, epochs: int) -> Settings:
    """Train once; give the seconds of the training alone, and the AUC on what was not seen."""
    columns = columns_of(settings, world)
    network = made(model, columns, settings)
    network.compile(torch.optim.Adam(network.parameters(), settings["rate"]), "binary_crossentropy")
    (learn, labels), (test, truth) = (read(folder / f"{world}-{part}.npz") for part in PARTS)
    told = {"batch_size": settings["batch"], "epochs": epochs, "verbose": 0, "shuffle": True}
    begin, cpu = time.monotonic(), time.process_time()
    network.fit(learn, labels, **told)
    seconds, cpu = time.monotonic() - begin, time.process_time() - cpu
    chances = network.predict(test, settings["batch"])
    return {"seconds": seconds, "cpu": cpu, "auc": roc_auc_score(truth, chances)}


PARTS = ("learn", "test")


def read(file: Path) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Read columns and labels."""
    with np.load(file) as found:
        columns = {name: found[name] for name in found.files if name != "label"}
        return columns, found["label"].astype(np.float32)


def columns_of(settings: Settings, world: str) -> list[Any]:
    """Describe the columns."""
    sizes, dim = settings["sizes"][world], settings["dim"]
    ones = [SparseFeat(name, size, dim) for name, size in sizes.items()]
    if world != "pasts":
        return ones
    steps = [
        VarLenSparseFeat(
            SparseFeat(f"hist_{name}", sizes[name], dim, embedding_name=name),
            maxlen=settings["steps"],
            length_name="length",
        )
        for name in ("item", "category")
    ]
    return ones + steps


def made(model: str, columns: list[Any], settings: Settings) -> Any:
    """Make a network."""
    plain = {"dnn_hidden_units": tuple(settings["hidden"]), "init_std": settings["spread"]}
    if model == "deepfm":
        return DeepFM(columns, columns, **plain, **LINEAR)
    if model == "dcn":
        cross = {"cross_num": settings["depth"], "cross_parameterization": "matrix"}
        return DCN([], columns, l2_reg_cross=0.0, **cross, **plain, **LINEAR)
    attention = {"att_hidden_size": tuple(settings["attention"]), "att_activation": "relu"}
    return DIN(columns, ["item", "category"], **attention, **plain, **PLAIN)


if __name__ == "__main__":
    main()
