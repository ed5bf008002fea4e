"""Items that a space lists as the nearest of those that this person did something with."""

from typing import Annotated, Literal

from recall.candidates import Finder
from recall.channels.spec import Around, Ready
from recall.similar.spec import Alike
from recall.spaces.steps import SPACE
from weft.spec import ref


class Neighbours(Alike):
    """Lists of the nearest items that a space keeps."""

    type: Literal["neighbours"]
    space: Annotated[str, ref("spaces", "space")]

    def check(self, around: Around) -> None:
        """Insist on a space that keeps lists."""
        if not around.spaces[self.space].lists():
            raise ValueError(
                f"space '{self.space}' keeps no lists; a space of type linear with the option"
                " `neighbours` does"
            )

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what adds up lists of a release."""
        return self.adding(name, SPACE + self.space, ready)
