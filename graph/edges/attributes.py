"""Items and the words of their keyword attributes, such as their city or seller."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from graph.edges.facts import Fact
from graph.edges.kind import Content, Run
from graph.edges.queries import ADD_VALUES, ITEM_VALUES
from graph.locks import lock
from weft.spec import unknown


def _keyword(name: str, info: ValidationInfo) -> str:
    if info.context is not None:
        items = (info.context["raw"].get("catalog") or {}).get("item") or {}
        names = [
            str(key)
            for key, said in items.items()
            if isinstance(said, dict) and said.get("type") == "keyword"
        ]
        if name not in names:
            raise ValueError(unknown("keyword attribute", name, names))
    return name


class Attributes(Fact):
    """Edges from items to values."""

    type: Literal["attributes"]
    of: list[Annotated[str, AfterValidator(_keyword)]] = Field(min_length=1)

    def ends(self, edges: object) -> tuple[str, str]:
        """Give the kinds of node that it ties."""
        return "item", "value"

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from."""
        return ("item",)

    def content(self, run: Run) -> Content:
        """Number values that are new, and say what it should hold."""
        lock(run.work.connection, "value")
        values = {"names": sorted(set(self.of))}
        run.work.connection.execute(ADD_VALUES, values)
        return Content(ITEM_VALUES, values)
