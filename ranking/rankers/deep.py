"""What a spec says of networks with plain layers over their embeddings."""

from dataclasses import dataclass

from pydantic import Field, PositiveInt

from ranking.rankers.spec import NetworkRanker


@dataclass(frozen=True)
class Hidden:
    """Plain layers, before it is known what they begin with."""

    sizes: tuple[int, ...]
    dropout: float = 0.0
    norm: bool = True


class DeepRanker(NetworkRanker):
    """A network that has plain layers."""

    hidden: tuple[PositiveInt, ...] = Field(
        default=(256, 128), description="numbers in each of the plain layers"
    )
    norm: bool = Field(default=True, description="bring what each layer gives to one scale")

    @property
    def layers(self) -> Hidden:
        """Give the plain layers."""
        return Hidden(self.hidden, self.dropout, self.norm)
