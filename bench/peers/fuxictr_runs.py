"""DeepFM, DCN v2 and DIN of FuxiCTR's layers, in its own venv: a line in, one training, JSON out.

The package has layers, the loop and the loader; how its models put them together is in no package,
so it is done here in the same way.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import torch
from fuxictr.features import FeatureMap
from fuxictr.pytorch.dataloaders import RankDataLoader
from fuxictr.pytorch.layers import (
    CrossNetV2,
    DIN_Attention,
    FactorizationMachine,
    FeatureEmbedding,
    FeatureEmbeddingDict,
    MLP_Block,
)
from fuxictr.pytorch.models import BaseModel
from sklearn.metrics import roc_auc_score
from torch import nn

Settings = dict[str, Any]
NEVER = 10**9  # steps between two looks at what is held out


def main() -> None:
    """Read what to do, then train as often as asked."""
    folder = Path(sys.argv[1])
    settings = json.loads((folder / "settings.json").read_text())
    torch.set_num_threads(settings["threads"])
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(trained(folder, settings, **json.loads(line))), flush=True)


class Raced(BaseModel):  # type: ignore[misc]
    """What all three have in common."""

    def __init__(self, features: FeatureMap, settings: Settings) -> None:
        super().__init__(features, verbose=0, metrics=["AUC"], model_root="")
        self.dim, self.hidden = settings["dim"], settings["hidden"]
        self.start = f"partial(nn.init.normal_, std={settings['spread']})"

    def mlp(self, width: int, output: int | None) -> nn.Module:
        """Give the plain layers."""
        found: nn.Module = MLP_Block(width, list(self.hidden), output_dim=output)
        return found

    def ready(self, rate: float) -> None:
        """Draw where it begins."""
        self.compile("adam", "binary_crossentropy", rate)
        self.reset_parameters()


class DeepFM(Raced):
    """FM and plain layers."""

    def __init__(self, features: FeatureMap, settings: Settings) -> None:
        super().__init__(features, settings)
        self.embedding = FeatureEmbedding(features, self.dim, self.start)
        self.fm = FactorizationMachine(features)
        self.deep = self.mlp(features.sum_emb_out_dim(), 1)
        self.ready(settings["rate"])

    def forward(self, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Give chances."""
        codes = self.get_inputs(inputs)
        vectors = self.embedding(codes)
        odds = self.fm(codes, vectors) + self.deep(vectors.flatten(start_dim=1))
        return {"y_pred": self.output_activation(odds)}


class DCN(Raced):
    """Cross layers beside plain ones."""

    def __init__(self, features: FeatureMap, settings: Settings) -> None:
        super().__init__(features, settings)
        self.embedding = FeatureEmbedding(features, self.dim, self.start)
        width = features.sum_emb_out_dim()
        self.cross = CrossNetV2(width, settings["depth"])
        self.deep = self.mlp(width, None)
        self.last = nn.Linear(width + self.hidden[-1], 1)
        self.ready(settings["rate"])

    def forward(self, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Give chances."""
        x = self.embedding(self.get_inputs(inputs), flatten_emb=True)
        odds = self.last(torch.cat([self.cross(x), self.deep(x)], dim=-1))
        return {"y_pred": self.output_activation(odds)}


class DIN(Raced):
    """Attention over what was done."""

    def __init__(self, features: FeatureMap, settings: Settings) -> None:
        super().__init__(features, settings)
        self.embedding = FeatureEmbeddingDict(features, self.dim, self.start)
        self.attention = DIN_Attention(2 * self.dim, attention_units=list(settings["attention"]))
        self.deep = self.mlp(features.sum_emb_out_dim(), 1)
        self.ready(settings["rate"])

    def forward(self, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Give chances."""
        codes = self.get_inputs(inputs)
        found = self.embedding(codes)
        target = torch.cat([found["item"], found["category"]], -1)
        steps = torch.cat([found["hist_item"], found["hist_category"]], -1)
        pooled = self.attention(target, steps, codes["hist_item"] > 0)
        ones = [found[name] for name in ("person", "city", "item", "category")]
        return {"y_pred": self.output_activation(self.deep(torch.cat([*ones, pooled], -1)))}


MODELS = {"deepfm": DeepFM, "dcn": DCN, "din": DIN}


def trained(folder: Path, settings: Settings, model: str, world: str, epochs: int) -> Settings:
    """Train once; give the seconds of the training alone, and the AUC on what was not seen."""
    torch.manual_seed(1)
    features = features_of(settings, world)
    network = MODELS[model](features, settings)
    told = {"batch_size": settings["batch"], "num_workers": settings["workers"]}
    files = {"train_data": f"{folder}/{world}-learn.npz", "test_data": f"{folder}/{world}-test.npz"}
    learn, _, test = RankDataLoader(features, **files, shuffle=True, **told)
    network._eval_steps, network._total_steps = NEVER, 0
    network._stop_training, network._max_gradient_norm = False, 10.0
    begin, cpu = time.monotonic(), spent()
    for _ in range(epochs):
        network.train_epoch(learn)
    seconds, cpu = time.monotonic() - begin, spent() - cpu
    chances, labels = network.predict(test), test.dataset.darray[:, -1]
    return {"seconds": seconds, "cpu": cpu, "auc": roc_auc_score(labels, chances)}


def spent() -> float:
    """Give the CPU seconds of this process and of its loaders."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def features_of(settings: Settings, world: str) -> FeatureMap:
    """Describe the columns."""
    features, sizes = FeatureMap(world, ""), settings["sizes"][world]
    for name, size in sizes.items():
        features.features[name] = {"type": "categorical", "vocab_size": size, "source": ""}
    if world == "pasts":
        for name in ("item", "category"):
            features.features[f"hist_{name}"] = {
                "type": "sequence",
                "vocab_size": sizes[name],
                "max_len": settings["steps"],
                "share_embedding": name,
                "source": "",
            }
    features.labels, features.default_emb_dim = ["label"], settings["dim"]
    features.num_fields = features.get_num_fields()
    features.set_column_index()
    return features


if __name__ == "__main__":
    main()
