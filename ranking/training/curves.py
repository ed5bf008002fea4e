"""Curves of training: what each epoch lost and reached, as metrics and as a line of text."""

from collections.abc import Sequence

from ranking.rankers.lesson import Progress

BARS = "▁▂▃▄▅▆▇█"


def metrics_of(curve: Sequence[Progress]) -> dict[str, float]:
    """Give the metrics of an artifact: `epoch.1.loss`, `epoch.1.reached` and so on."""
    found = {f"epoch.{p.epoch}.loss": p.loss for p in curve}
    reached = {f"epoch.{p.epoch}.reached": p.reached for p in curve if p.reached is not None}
    return found | reached


def drawn(curve: Sequence[Progress]) -> str:
    """Draw a curve: `loss █▄▁ 0.51 → 0.43, reached ▁█▆ 0.81 → 0.83 (best 0.84, epoch 2)`."""
    if not curve:
        return "nothing was learned"
    said = f"loss {_line([p.loss for p in curve])}"
    judged = {p.epoch: p.reached for p in curve if p.reached is not None}
    if not judged:
        return said
    best = max(judged, key=lambda epoch: judged[epoch])
    return f"{said}, reached {_line([*judged.values()])} (best {judged[best]:.4f}, epoch {best})"


def _line(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    step = (high - low) / (len(BARS) - 1) or 1.0
    bars = "".join(BARS[round((value - low) / step)] for value in values)
    return f"{bars} {values[0]:.4f} → {values[-1]:.4f}"
