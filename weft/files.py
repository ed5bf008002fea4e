"""Files of artifacts, kept in the database beside everything else."""

from sqlalchemy import Connection

from weft import queries
from weft.errors import NotFound


def save_file(connection: Connection, artifact: int, name: str, content: bytes) -> None:
    """Keep a file; it goes when its artifact goes."""
    values = {"artifact": artifact, "name": name, "content": content}
    connection.execute(queries.SAVE_FILE, values)


def load_file(connection: Connection, artifact: int, name: str) -> bytes:
    """Give a file of an artifact."""
    found = connection.execute(queries.LOAD_FILE, {"artifact": artifact, "name": name}).scalar()
    if found is None:
        raise NotFound(f"artifact {artifact} has no file '{name}'")
    return bytes(found)


def load_files(connection: Connection, artifact: int) -> dict[str, bytes]:
    """Give all files of an artifact by name."""
    rows = connection.execute(queries.LOAD_FILES, {"artifact": artifact})
    return {row.name: bytes(row.content) for row in rows}
