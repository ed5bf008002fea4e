"""Where training stands, as one checkpoint: weights, what the optimiser remembers, the dice."""

import hashlib
import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import torch
from torch import nn

from ranking.rankers.lesson import Checkpoints, NoCheckpoints, Progress
from ranking.rankers.spec import NetworkRanker
from ranking.training.averaging import Average
from ranking.training.moving import Mover
from ranking.training.packing import Arrays, pack, unpack
from ranking.training.trained import arrays_of, restore


@dataclass(frozen=True)
class State:
    """How far training came, and the best of it."""

    epoch: int = 0
    place: int = 0  # steps of the epoch that are done
    total: float = 0.0  # loss of these, summed over examples
    seconds: float = 0.0  # that these took
    reached: float | None = None
    since: int = 0  # epochs without progress
    curve: tuple[Progress, ...] = ()
    best: Arrays = field(default_factory=dict)  # nothing where nothing is judged: the last counts

    def after(self, progress: Progress, network: nn.Module) -> "State":
        """Give the state after another epoch."""
        reached, curve = progress.reached, (*self.curve, progress)
        if reached is None:
            return State(progress.epoch, curve=curve)
        if self.reached is None or reached > self.reached:
            best = arrays_of(network)
            return State(progress.epoch, reached=reached, curve=curve, best=best)
        since, best = self.since + 1, self.best
        return State(progress.epoch, reached=self.reached, since=since, curve=curve, best=best)


@dataclass(frozen=True)
class Learning:
    """All that changes while a network learns."""

    network: nn.Module
    mover: Mover
    average: Average | None
    device: str


class Keeper:
    """Keeps checkpoints, often enough that little is lost."""

    def __init__(self, ranker: NetworkRanker, examples: int, checkpoints: Checkpoints) -> None:
        self.ranker, self.checkpoints = ranker, checkpoints
        self.whose, self.kept = _whose(ranker, examples), time.monotonic()

    def due(self, place: int) -> bool:
        """Tell whether too much would be lost by now."""
        steps = self.ranker.checkpoint_steps
        late = time.monotonic() - self.kept > self.ranker.checkpoint.total_seconds()
        return late or (steps is not None and place % steps == 0)

    def keep(self, state: State, learning: Learning) -> None:
        """Keep where training stands."""
        if isinstance(self.checkpoints, NoCheckpoints):
            return
        self.checkpoints.save(_packed(state, learning, self.whose))
        self.kept = time.monotonic()

    def resume(self, learning: Learning) -> State:
        """Go back to the last checkpoint, if there is one of the same training."""
        content = self.checkpoints.load()
        if content is None:
            return State()
        arrays, words = unpack(content)
        return _resumed(arrays, words, learning) if words["whose"] == self.whose else State()


def _whose(ranker: NetworkRanker, examples: int) -> str:
    said = f"{examples} {ranker.model_dump_json()}"
    return hashlib.sha256(said.encode()).hexdigest()


def _packed(state: State, learning: Learning, whose: str) -> bytes:
    mover, average = learning.mover, learning.average
    parts = {"best": state.best, "now": arrays_of(learning.network), "mover": mover.arrays()}
    parts |= {"dice": _dice(learning.device), "average": average.arrays() if average else {}}
    arrays = {f"{part}/{name}": some for part, held in parts.items() for name, some in held.items()}
    words = {**asdict(replace(state, best={})), "done": mover.done, "falls": mover.falls}
    return pack(arrays, {**words, "whose": whose, "averaged": average.steps if average else 0})


def _resumed(arrays: Arrays, words: dict[str, Any], learning: Learning) -> State:
    parts: dict[str, Arrays] = {}
    for path, some in arrays.items():
        part, _, name = path.partition("/")
        parts.setdefault(part, {})[name] = some
    restore(learning.network, parts["now"])
    learning.mover.remember(parts.get("mover", {}), words["done"], words["falls"])
    if learning.average is not None:
        learning.average.remember(parts["average"], words["averaged"])
    _throw(parts["dice"], learning.device)
    curve = tuple(Progress(**point) for point in words["curve"])
    told = {name: words[name] for name in ("epoch", "place", "total", "seconds")}
    reached, since = words["reached"], words["since"]
    return State(**told, reached=reached, since=since, curve=curve, best=parts.get("best", {}))


def _dice(device: str) -> Arrays:
    found = {"cpu": torch.get_rng_state().numpy()}
    if device.startswith("cuda"):
        found["cuda"] = torch.cuda.get_rng_state(device).numpy()
    return found


def _throw(dice: Arrays, device: str) -> None:
    torch.set_rng_state(torch.from_numpy(dice["cpu"]))
    if device.startswith("cuda") and "cuda" in dice:
        torch.cuda.set_rng_state(torch.from_numpy(dice["cuda"]), device)
