"""The reader of a space that reads, loaded from its artifact when it is first asked."""

from collections.abc import Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Floats
from recall.spaces.trained import Reader
from weft.files import load_files


class Loaded:
    """Reads with what one artifact has learned; a space that has learned nothing says nothing."""

    def __init__(self, artifact: int, load: Callable[[Mapping[str, bytes]], Reader | None]) -> None:
        self.artifact = artifact
        self._load = load
        self._reader: Reader | None = None

    async def read(self, connection: AsyncConnection, text: str) -> Floats | None:
        """Give the vector to search by, if there is one."""
        if self._reader is None:
            files = await connection.run_sync(lambda sync: load_files(sync, self.artifact))
            self._reader = self._load(files) if files else None
        if self._reader is None:
            return None
        found = self._reader.read(text)
        return found[0] if len(found) else None
