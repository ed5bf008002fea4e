"""How often what a channel had at a rank was liked once it was shown: scores that compare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection

from recall import queries
from recall.candidates import Candidates
from recall.fusion import EVEN, Order, added, ordered, pool_of
from weft.events import Events
from weft.files import load_file, save_file
from weft.steps import Made, Step, Work

STEP = "recall.calibration"
FILE = "curves.json"
BUCKETS = 14  # ranks 1, 2–3, 4–7, …
WINDOW = timedelta(days=30)
SHY = 200.0  # a bucket with fewer answers than this leans on what all channels are worth there
USUAL = 0.02  # what is liked of what is shown, where nothing is known

Curve = NDArray[np.float64]  # (BUCKETS,)


@dataclass(frozen=True)
class Curves:
    """The chance of being liked, by channel and by bucket of ranks."""

    channels: Mapping[str, Curve]
    anybody: Curve

    def chance(self, channel: str, ranks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the chance of what a channel has at these ranks."""
        curve = self.channels.get(channel, self.anybody)
        middles = 1.5 * 2.0 ** np.arange(BUCKETS)
        logs = np.interp(np.log(ranks + 0.5), np.log(middles), np.log(curve))
        return np.asarray(np.exp(logs), np.float64)


def curves_of(shown: Mapping[str, Curve], liked: Mapping[str, Curve]) -> Curves:
    """Estimate chances from counts; few answers lean on all channels, none on a usual decline."""
    nothing = np.zeros(BUCKETS)
    all_shown, all_liked = sum(shown.values(), nothing), sum(liked.values(), nothing)
    mean = (all_liked.sum() + SHY * USUAL) / (all_shown.sum() + SHY)
    decline = mean * 2.0 ** (-np.arange(BUCKETS) / 2)
    anybody = (all_liked + SHY * decline) / (all_shown + SHY)
    channels = {c: (liked[c] + SHY * anybody) / (shown[c] + SHY) for c in shown}
    return Curves(channels, anybody)


UNMEASURED = curves_of({}, {})


def calibrated(
    candidates: Sequence[Candidates],
    top: int,
    weights: Mapping[str, float] = EVEN,
    curves: Curves = UNMEASURED,
) -> Order:
    """Order by the chance that at least one of the channels is right."""
    pool = pool_of(candidates)
    chances = np.concatenate(
        [np.zeros(0)]
        + [curves.chance(c.channel, np.arange(1, len(c.items) + 1)) for c in candidates]
    )
    worth = -np.log1p(-np.minimum(chances, 0.99)) * pool.of_channels(weights)
    return ordered(pool, worth, -np.expm1(-added(pool, worth)), top)


def calibration_step(events: Events) -> Step:
    """Give the step that measures channels by what came of the answers that were given."""
    kinds = [kind for kind, weight in events.positive.items() if weight > 0]

    def run(work: Work) -> Made:
        values = {"kinds": kinds, "moment": work.moment, "window": WINDOW, "last": BUCKETS - 1}
        shown: dict[str, Curve] = {}
        liked: dict[str, Curve] = {}
        for row in work.connection.execute(queries.ANSWERS, values):
            shown.setdefault(row.channel, np.zeros(BUCKETS))[row.bucket] = row.shown
            liked.setdefault(row.channel, np.zeros(BUCKETS))[row.bucket] = row.liked
        save_curves(work.connection, work.artifact, curves_of(shown, liked))
        answers = sum(float(curve.sum()) for curve in shown.values())
        work.say(f"{answers:,.0f} places of answers, {len(shown)} channels")
        return Made(metrics={"answers": answers, "channels": len(shown)})

    return Step(STEP, {"kinds": kinds}, run, reads=("event",))


def save_curves(connection: Connection, artifact: int, curves: Curves) -> None:
    """Keep curves as a file of an artifact."""
    plain = {"": curves.anybody.tolist(), **{c: v.tolist() for c, v in curves.channels.items()}}
    save_file(connection, artifact, FILE, orjson.dumps(plain))


def load_curves(connection: Connection, artifact: int) -> Curves:
    """Read the curves of an artifact."""
    plain = {c: np.array(v) for c, v in orjson.loads(load_file(connection, artifact, FILE)).items()}
    return Curves(plain, plain.pop(""))
