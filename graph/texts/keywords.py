"""Keywords of titles and searches: found in two passes that hold a batch of titles at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, TextClause

from graph.locks import lock
from graph.texts import queries
from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation
from nlp.keywords import Gathered, Keywords, batches, candidates, gather, together
from nlp.lexicon import Lexicon
from nlp.newwords import new_words, spotter
from nlp.spec import Keywords as Asked
from weft.queries import copy_into
from weft.steps import Made, Work

MOST_TITLES = 100_000
LONGEST = 64  # in characters; an index has no room for what hostile titles may hold
OFTEN, COHESION, FREEDOM = 5, 3.0, 1.5
Spot = Callable[[str], set[str]]
_LINKS = {"keyword": pl.Int32, "tag": pl.Int32, "weight": pl.Float64}
_QUERIES = {"query": pl.String, "keyword": pl.Int32}
_ITEMS = {"item": pl.Int32, "keyword": pl.Int32, "weight": pl.Float64}


@dataclass(frozen=True)
class Found:
    """Numbered keywords, and the number of every form of them."""

    words: pl.DataFrame
    numbers: Mapping[str, int]
    links: pl.DataFrame


def make_keywords(work: Work, asked: Asked, lexicon: Lexicon, reading: Reading) -> Made:
    """Find keywords, and store them with their items and tags."""
    connection, tables = work.connection, queries.keyword_tables(work.artifact)
    spot = spotter(_new(connection, asked, lexicon, reading))
    found = _found(work, asked, lexicon, reading, spot)
    connection.execute(queries.make_keyword_tables(work.artifact))
    for table, frame in ((tables[0], found.words.drop("texts")), (tables[2], found.links)):
        _copy(work, table, frame)
    if asked.queries:
        for frame in _of_searches(work, found, lexicon, reading, spot):
            _copy(work, queries.query_table(work.artifact), frame)
    linked = 0
    for frame in _of_items(connection, found, lexicon, reading, spot):
        _copy(work, tables[1], frame)
        linked += frame.height
    connection.execute(queries.attach_keyword_tables(work.artifact))
    work.say(f"{found.words.height:,} keywords, {linked:,} times in titles")
    sizes = {"keywords": found.words.height, "items": linked, "tags": found.links.height}
    return Made((*tables, queries.query_table(work.artifact)), sizes)


def stream(connection: Connection, statement: TextClause, **values: object) -> Iterator[Any]:
    """Read rows through a cursor of the server, so that few are here at a time."""
    with connection.execute(statement, values, execution_options=queries.STREAMED) as rows:
        yield from rows


def _new(connection: Connection, asked: Asked, lexicon: Lexicon, reading: Reading) -> list[str]:
    """Find words that segmenting would cut into pieces too small to count."""
    titles = (row.title for row in stream(connection, queries.SOME_TITLES, most=MOST_TITLES))
    often = max(OFTEN, asked.at_least)
    words = new_words(titles, at_least=often, cohesion=COHESION, freedom=FREEDOM)["word"].to_list()
    return cut_to_pieces(annotate(words, lexicon, reading))


def cut_to_pieces(words: Iterable[Annotation]) -> list[str]:
    """Give those words that segmenting cannot find, as it leaves a single character of them."""
    return [one.text for one in words if len(one.tokens) > 1 and 1 in map(len, one.words)]


def _found(work: Work, asked: Asked, lexicon: Lexicon, reading: Reading, spot: Spot) -> Found:
    rows = ((row.title, 1) for row in stream(work.connection, queries.ALL_TITLES))
    titles = gather(rows, lexicon, reading, spot)
    searched = _searches(work) if asked.queries else iter(())
    searches = gather(searched, lexicon, reading, spot)
    whole = together([titles, searches], asked.at_least)
    short = whole.words.filter(pl.col("keyword").str.len_chars() <= LONGEST)
    words = _known(work.connection, short.head(asked.most).with_row_index("rank", 1))
    return Found(
        _rows(words, titles, searches), _numbers(words), _links(words, whole, lexicon, reading)
    )


def _known(connection: Connection, words: pl.DataFrame) -> pl.DataFrame:
    """Number words as they were numbered before; new ones follow in their order."""
    spaced = pl.col("keyword").str.replace_all("-", " ", literal=True)
    words = words.with_columns(spaced.alias("normal"))
    lock(connection, "word")
    values = {"normals": words["normal"].to_list(), "texts": words["keyword"].to_list()}
    connection.execute(queries.ADD_WORDS, values)
    ids: dict[str, int] = dict(
        connection.execute(queries.WORD_IDS, {"normals": values["normals"]}).all()
    )
    return words.with_columns(
        pl.col("normal").replace_strict(ids, return_dtype=pl.Int32).alias("id")
    )


def _searches(work: Work) -> Iterator[tuple[str, int]]:
    for row in stream(work.connection, queries.SEARCHES, moment=work.moment):
        yield row.keyword, row.times


def _rows(words: pl.DataFrame, titles: Gathered, searches: Gathered) -> pl.DataFrame:
    """Tell how many titles and searches hold a keyword in any of its forms."""
    forms = words["variants"].to_list()
    sides = {"titles": titles, "queries": searches}
    return words.select(
        "id",
        "rank",
        pl.col("keyword").alias("text"),
        "normal",
        "weight",
        "texts",
        *(pl.Series(name, [_sum(side, some) for some in forms]) for name, side in sides.items()),
    )


def _sum(side: Gathered, forms: Sequence[str]) -> int:
    return min(side.texts, sum(side.words[form] for form in forms))


def _numbers(words: pl.DataFrame) -> dict[str, int]:
    forms = words.select("id", "variants").explode("variants")
    return {form: number for number, form in forms.iter_rows()}


def _links(
    words: pl.DataFrame, whole: Keywords, lexicon: Lexicon, reading: Reading
) -> pl.DataFrame:
    """Say what keywords mean: what they meant in texts, or else what they are read as alone."""
    share = (pl.col("texts_right") / pl.col("texts")).clip(0, 1).alias("weight")
    meant = words.join(whole.links, "keyword").select("id", "tag", share)
    alone = words.join(meant, "id", how="anti")
    read = annotate(alone["keyword"].to_list(), lexicon, reading)
    surest: dict[tuple[int, int], float] = {}
    for number, one in zip(alone["id"], read, strict=True):
        for span in one.spans:
            if span.tag is not None:
                key = (number, span.tag)
                surest[key] = max(span.confidence, surest.get(key, 0.0))
    rows = [*meant.iter_rows(), *((*key, weight) for key, weight in surest.items())]
    return pl.DataFrame(rows, _LINKS, orient="row").sort("keyword", "tag")


def _of_items(
    connection: Connection, found: Found, lexicon: Lexicon, reading: Reading, spot: Spot
) -> Iterator[pl.DataFrame]:
    """Read titles once more, and give the keywords of some thousand items at a time."""
    idf = dict(found.words.select("id", pl.col("weight") / pl.col("texts")).iter_rows())
    for batch in batches(stream(connection, queries.ALL_TITLES)):
        read = annotate([row.title for row in batch], lexicon, reading)
        rows = [
            (row.id, number, idf[number])
            for row, one in zip(batch, read, strict=True)
            for number in _held({*candidates(one, reading.stop_words), *spot(one.text)}, found)
        ]
        yield pl.DataFrame(rows, _ITEMS, orient="row")


def _of_searches(
    work: Work, found: Found, lexicon: Lexicon, reading: Reading, spot: Spot
) -> Iterator[pl.DataFrame]:
    """Read searches once more, and give the keywords of some thousand of them at a time."""
    for batch in batches(_searches(work)):
        texts = [words for words, _ in batch]
        rows = [
            (words, number)
            for words, one in zip(texts, annotate(texts, lexicon, reading), strict=True)
            for number in _held({*candidates(one, reading.stop_words), *spot(one.text)}, found)
        ]
        yield pl.DataFrame(rows, _QUERIES, orient="row")


def _held(forms: set[str], found: Found) -> list[int]:
    return sorted({found.numbers[form] for form in forms if form in found.numbers})


def _copy(work: Work, table: str, frame: pl.DataFrame) -> None:
    driver = work.connection.connection.driver_connection
    assert driver is not None
    rows = frame.select(pl.lit(work.artifact).alias("artifact"), pl.all())
    with driver.cursor().copy(copy_into(table, rows.columns)) as copy:
        copy.write(rows.write_csv(include_header=False))
