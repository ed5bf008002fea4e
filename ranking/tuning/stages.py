"""Which options a stage of tuning tries: those of this table that a kind of ranker has.

A kind that has other options says so by its `tuned`, in the same form.
"""

from collections.abc import Mapping, Sequence

from ranking.rankers.spec import Ranker
from ranking.tuning.choices import Choice, Draw, Near, Span
from weft.errors import BadRequest
from weft.spec import unknown

Options = Mapping[str, Draw]

LAYERS = Choice([[64, 32], [128, 64], [256, 128], [400, 400], [256, 128, 64], [400, 400, 400]])
PRICES = Choice([0.0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3])
STAGES: Mapping[str, Options] = {
    "hidden": {
        "hidden": LAYERS,
        "hidden_asks": LAYERS,
        "hidden_items": LAYERS,
        "dim": Choice([8, 16, 32, 64]),
    },
    "rate": {
        "rate": Span(1e-4, 1e-2, log=True),
        "schedule": Choice(["constant", "cosine", "plateau"]),
        "warm_up": Choice([0, 100, 500]),
    },
    "batch": {"batch": Choice([512, 1024, 2048, 4096, 8192]), "rate": Near(3)},
    "regularisation": {
        "dropout": Span(0.0, 0.5),
        "l2": PRICES,
        "l2_layers": PRICES,
        "averaged": Choice([None, 0.99, 0.999]),
    },
}
ALSO = {"lr": "rate", "regularization": "regularisation"}  # other words for stages


def options_of(kind: type[Ranker], stage: str) -> Options:
    """Give what a stage tries of a kind of ranker."""
    usual = {n: draw for n, draw in STAGES.get(stage, {}).items() if n in kind.model_fields}
    return {**usual, **kind.tuned.get(stage, {})}


def stages_of(kind: type[Ranker], asked: Sequence[str]) -> list[str]:
    """Give the stages that were asked for by their own names, those that try something."""
    there = {*STAGES, *kind.tuned}
    named = [ALSO.get(stage, stage) for stage in asked]
    for stage in named:
        if stage not in there:
            raise BadRequest(f"stages: {unknown('stage', stage, there)}")
    return [stage for stage in named if options_of(kind, stage)]
