"""Where training stands, as one checkpoint: weights, what the optimiser remembers, the dice."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

from ranking.rankers.lesson import Checkpoints
from ranking.training.moving import Mover
from ranking.training.packing import Arrays, pack, unpack
from ranking.training.trained import arrays_of, restore


@dataclass(frozen=True)
class State:
    """How far training came, and the best of it."""

    epoch: int = 0
    reached: float = -np.inf
    since: int = 0  # epochs without progress
    best: Arrays = field(default_factory=dict)

    def after(self, reached: float, network: nn.Module) -> "State":
        """Give the state after another epoch; equal counts as progress where nothing is judged."""
        better = reached > self.reached or reached == 0
        best = arrays_of(network) if better else self.best
        since = 0 if better else self.since + 1
        return State(self.epoch + 1, max(reached, self.reached), since, best)


def kept(state: State, network: nn.Module, mover: Mover) -> bytes:
    """Write everything that going on needs."""
    remembered = mover.optimiser.state_dict()
    arrays: Arrays = {f"best/{name}": some for name, some in state.best.items()}
    arrays |= {f"now/{name}": some for name, some in arrays_of(network).items()}
    for number, held in remembered["state"].items():
        arrays |= {f"mover/{number}/{k}": v.cpu().numpy() for k, v in held.items()}
    arrays["dice"] = torch.get_rng_state().numpy()
    groups = [{k: v for k, v in g.items() if _plain(v)} for g in remembered["param_groups"]]
    words = {"epoch": state.epoch, "reached": state.reached, "since": state.since}
    return pack(arrays, {**words, "groups": groups, "paces": mover.schedule.last_epoch})


def resume(network: nn.Module, mover: Mover, checkpoints: Checkpoints) -> State:
    """Go back to the last checkpoint, if there is one."""
    content = checkpoints.load()
    if content is None:
        return State()
    arrays, words = unpack(content)
    parts: dict[str, Arrays] = {"best": {}, "now": {}, "mover": {}}
    for name, some in arrays.items():
        part, _, rest = name.partition("/")
        if part in parts:
            parts[part][rest] = some
    restore(network, parts["now"])
    _remember(mover, parts["mover"], words)
    torch.set_rng_state(torch.from_numpy(arrays["dice"]))
    return State(words["epoch"], words["reached"], words["since"], parts["best"])


def _remember(mover: Mover, arrays: Arrays, words: dict[str, Any]) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, some in arrays.items():
        number, _, key = name.partition("/")
        state.setdefault(int(number), {})[key] = torch.from_numpy(some)
    now = mover.optimiser.state_dict()
    groups = [{**old, **new} for old, new in zip(now["param_groups"], words["groups"], strict=True)]
    mover.optimiser.load_state_dict({"state": state, "param_groups": groups})
    mover.schedule.last_epoch = words["paces"]


def _plain(value: object) -> bool:
    return isinstance(value, int | float | str | bool | list | tuple | type(None))
