"""What a spec says of every tower."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from graph.edges.spec import EdgeName
from recall.samples.spec import Balance, Mixture
from recall.spaces.spec import Space
from recall.spaces.trained import Lesson
from recall.towers.asking import TowerAsker, load_asker
from recall.towers.placed import Placed
from weft.spec import ref

if TYPE_CHECKING:
    from recall.towers.encoders import Encoder

SpaceName = Annotated[str, ref("spaces", "space")]


class TowerSpace(Space):
    """Vectors of items, and a tower that turns what somebody did into vectors to search by."""

    # A tag is the mean of its items: the product is what these score on the average.
    tags_near_by: ClassVar[Literal["product"]] = "product"

    features: list[EdgeName] = Field(
        default=[], description="the kind of edge that describes items, such as tags"
    )
    pretrained: SpaceName | None = Field(
        default=None, description="the space whose item vectors the item tower is given"
    )
    pretrained_as: Literal["input", "start"] = Field(
        default="input",
        description="what its vectors are: one more thing that is known of items, or where items "
        "begin, with nothing of their own, and both spaces have the same `dim`",
    )
    length: int = Field(default=50, ge=1, le=1000, description="last deeds that the tower reads")
    hidden: list[int] = Field(default=[], description="widths of hidden layers, in both towers")
    dropout: float = Field(
        default=0.2, ge=0, lt=1, description="of what goes into the person tower"
    )
    forget: float = Field(
        default=0.1,
        ge=0,
        lt=1,
        description="share of items that learn without themselves, so that new ones are placed by "
        "what is known of them; and of persons, so that unknown ones get answers",
    )
    unit: bool = Field(default=True, description="vectors have length one: cosines are compared")
    popularity: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="power of an item's deeds that lengthens its vector for those who search",
    )
    temperature: float = Field(default=0.07, gt=0, description="divides the products")
    negatives: Mixture = Field(default=Mixture(), description="what positives are held against")
    balance: Balance = Field(default=Balance(), description="how often each positive is drawn")
    against_all: bool = Field(
        default=False, description="hold positives against all items; for some ten thousand of them"
    )
    again: bool = Field(
        default=False, description="learn to find what somebody has done something to before, too"
    )
    shuffled: bool = Field(
        default=False, description="order says nothing: deeds come in a new one with each epoch"
    )
    batch: int = Field(default=1024, ge=1, description="positives that are learned at once")
    rate: float = Field(default=0.002, gt=0, description="of learning, at its highest")
    shrink: float = Field(default=0.0, ge=0, description="weight decay")
    epochs: int = Field(default=20, ge=1, description="at most so many passes over the positives")
    patience: int = Field(default=3, ge=1, description="epochs without progress that end it")
    held_out: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of persons whose last deed decides when to stop; 0 learns all epochs",
    )

    def featured(self) -> Sequence[str]:
        """Name the kinds of edge whose targets are features of their sources."""
        return self.features

    def samples(self) -> bool:
        """Tell that it learns from samples."""
        return True

    def sampling(self) -> tuple[Mixture, Balance]:
        """Tell which negatives positives are held against, and how often each is drawn."""
        return self.negatives, self.balance

    def start_from(self) -> str | None:
        """Name the space whose item vectors it starts from."""
        return self.pretrained

    def starts(self) -> bool:
        """Tell whether items begin where another space has them."""
        return self.pretrained_as == "start"

    @abstractmethod
    def encoder(self) -> "Encoder":
        """Give what reads the sequence."""

    def apart(self) -> float:
        """Tell how strongly interests are kept apart."""
        return 0.0

    def asker(self, files: Mapping[str, bytes]) -> TowerAsker:
        """Give what turns a history into vectors to search by."""
        return load_asker(files)

    def fit(self, lesson: Lesson) -> Placed:
        """Train."""
        from recall.towers.learning import train  # noqa: PLC0415 - torch takes seconds

        return train(self, lesson)
