"""What a spec may say about the named-entity model, under `text.ner`."""

from pydantic import Field

from weft.spec import Section


class NerSettings(Section):
    """How large a model is and how it learns; the defaults are measured, see `make bench-ner`."""

    hidden: int = Field(default=48, ge=8, le=512)
    dilations: tuple[int, ...] = (1, 2, 4)
    letter_width: int = Field(default=64, ge=4, le=256)
    pair_width: int = Field(default=48, ge=4, le=256)
    mark_width: int = Field(default=12, ge=2, le=64)
    rare_pairs: int = Field(default=3, ge=1)
    hide_inputs: float = Field(default=0.5, ge=0, lt=1)
    hide_hidden: float = Field(default=0.5, ge=0, lt=1)
    hide_between: float = Field(default=0.1, ge=0, lt=1)
    hide_letters: float = Field(default=0.05, ge=0, lt=1)
    hide_gazetteers: float = Field(default=0.0, ge=0, le=1)
    swap: float = Field(default=0.0, ge=0, le=1)
    epochs: int = Field(default=10, ge=1)
    batch: int = Field(default=24, ge=1)
    learning_rate: float = Field(default=3e-3, gt=0)
    weight_decay: float = Field(default=1e-4, ge=0)
    averaging: float = Field(default=0.995, ge=0, lt=1)
    teachers: int = Field(default=0, ge=0, le=8)
    seed: int = 0
