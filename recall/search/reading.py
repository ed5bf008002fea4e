"""The reader of a space that reads, loaded from its artifact when it is first asked."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Floats
from recall.planning.memory import memory_of
from recall.spaces.spec import Space
from recall.spaces.trained import Reader
from recall.vectors import Store
from weft.files import load_files


@dataclass(frozen=True)
class Reading:
    """Reads with what one artifact has learned; a space that has learned nothing says nothing."""

    space: Space
    store: Store

    async def read(self, connection: AsyncConnection, text: str) -> Floats | None:
        """Give the vector to search by, if there is one."""

        async def load() -> tuple[Reader | None]:
            files = await connection.run_sync(load_files, self.store.artifact)
            return (self.space.reader(files) if files else None,)

        models = memory_of(connection).models
        reader: Reader | None
        (reader,) = await models.find(("reader", self.store.artifact), load)
        if reader is None:
            return None
        found = reader.read(text)
        return found[0] if len(found) else None
