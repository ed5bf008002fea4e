"""Following an edit of the taxonomy: what it touches is read again in the same transaction."""

from sqlalchemy import Connection

from graph.texts import queries
from graph.texts.tagging import Reader, read_items
from graph.texts.touching import touched
from graph.texts.ways import way_of
from weft.marks import add_mark

AT_ONCE = 5_000  # more titles than this wait for the next build


def follow(connection: Connection, reader: Reader, since: int, until: int) -> int:
    """Read the touched titles again, if titles are read at all; tells how many were."""
    before = connection.execute(queries.READING).one_or_none()
    way = way_of(reader.text, reader.reading.calibration)
    if before is None or before.way != way or since == until:
        return 0
    items = touched(connection, since, until)
    if items is None or len(items) > AT_ONCE:
        return 0
    add_mark(connection, "item_tag", read_items(connection, reader, items))
    if before.change == since:
        connection.execute(queries.SET_READING, {"way": way, "change": until})
    return len(items)
