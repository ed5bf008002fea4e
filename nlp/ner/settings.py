"""What a spec may say about the named-entity model, under `text.ner`."""

from typing import Annotated

from pydantic import Field

from weft.spec import Section

Distance = Annotated[int, Field(ge=1, le=32)]


class NerSettings(Section):
    """How large a model is and how it learns; the defaults are measured, see `make bench-ner`."""

    hidden: int = Field(default=32, ge=8, le=512)  # 64 finds more and takes twice the time
    dilations: tuple[Distance, ...] = Field(default=(1, 2, 4), min_length=1)
    letter_width: int = Field(default=64, ge=4, le=256)
    pair_width: int = Field(default=48, ge=4, le=256)
    mark_width: int = Field(default=12, ge=2, le=64)
    rare_pairs: int = Field(default=3, ge=1)  # pairs of letters seen less often are not told apart
    hide_inputs: float = Field(default=0.5, ge=0, lt=1)
    hide_between: float = Field(default=0.1, ge=0, lt=1)
    hide_hidden: float = Field(default=0.1, ge=0, lt=1)
    hide_letters: float = Field(default=0.1, ge=0, lt=0.5)
    hide_gazetteers: float = Field(
        default=0.2, ge=0, le=1
    )  # the more, the more new words are found
    swap: float = Field(
        default=0.3, ge=0, le=1
    )  # entities that give way to others, in half the texts
    epochs: int = Field(default=20, ge=1)
    batch: int = Field(default=24, ge=1)
    learning_rate: float = Field(default=3e-3, gt=0)
    weight_decay: float = Field(default=1e-4, ge=0)
    averaging: float = Field(default=0.995, ge=0, lt=1)
    seed: int = 0
