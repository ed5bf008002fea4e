from pathlib import Path

import pytest

from graph.formats.csv import cells_of
from tests.graph.reading import bad_lines, batches, cell, keys, only_reject, read
from weft.errors import ImportFailed

HEAD = "key,title,price\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "items.csv"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b", ["a", "b"]),
        ("a,", ["a", ""]),
        (",", ["", ""]),
        ("", [""]),
        ('"a,b",c', ["a,b", "c"]),
        ('"a ""b""",c', ['a "b"', "c"]),
        ('"",""', ["", ""]),
        ('a,""', ["a", ""]),
        ('"a",', ["a", ""]),
        ('27" screen,c', ['27" screen', "c"]),
        ('"a', None),
        ('a,"b', None),
        ('"a"b,c', None),
    ],
)
def test_a_record_is_split_into_cells(text: str, cells: list[str] | None) -> None:
    assert cells_of(text) == cells


def test_a_quoted_cell_may_span_lines(path: Path) -> None:
    batch = read(path, HEAD + 'a,"one\n\ntwo, three",1\n"b\nb",B,2\nc,C,3\n')
    assert keys(batch) == ["a", "b\nb", "c"]
    assert batch.frame["title"].to_list() == ["one\n\ntwo, three", "B", "C"]
    assert batch.frame["line"].to_list() == [2, 5, 7]


def test_a_stray_opening_quote_swallows_no_good_row(path: Path) -> None:
    batch = read(path, HEAD + 'a,A,1\nb,"B,2\nc,C,3\nd,"D, d",4\n"e,E,5\nf,F,6')
    assert keys(batch) == ["a", "c", "d", "f"]
    assert bad_lines(batch) == [3, 6]


def test_a_stray_quote_before_a_quoted_row_swallows_neither(path: Path) -> None:
    batch = read(path, HEAD + 'b,"B,2\nc,"C",3\n')
    assert keys(batch) == ["c"]
    assert bad_lines(batch) == [2]


def test_inches_inside_a_cell_are_text(path: Path) -> None:
    assert cell(read(path, HEAD + 'a,27" screen,1\n'), "title") == '27" screen'


def test_a_row_with_the_wrong_number_of_cells_is_refused(path: Path) -> None:
    batch = read(path, HEAD + "a,A,1\nb,B\nc,C,3,\n")
    assert keys(batch) == ["a"]
    assert [reject.reason for reject in batch.rejects] == [
        "2 cells where the header has 3",
        "4 cells where the header has 3",
    ]


def test_thousands_need_quotes(path: Path) -> None:
    batch = read(path, HEAD + 'a,A,"1,299.00"\nb,B,1,299.00\n')
    assert batch.frame["price"].to_list() == [1299.0]
    assert bad_lines(batch) == [3]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("key,title,key", "twice: key"),
        ("key,,title", "without a name"),
        ("name,title", "no column key"),
        ("key;title;price", "no column key, title"),
        ('"key,title', "header"),
    ],
)
def test_a_header_that_cannot_be_right_stops_the_load(path: Path, header: str, reason: str) -> None:
    with pytest.raises(ImportFailed, match=reason):
        read(path, f"{header}\na,A,1\n")


def test_bytes_and_marks(path: Path) -> None:
    good = "key,title\na,连衣裙\n".encode()
    assert keys(read(path, b"\xef\xbb\xbf" + good)) == ["a"]
    assert keys(read(path, good.replace(b"\n", b"\r\n"))) == ["a"]
    assert cell(read(path, good.decode().encode("gb18030"), "gb18030"), "title") == "连衣裙"
    assert "gb18030" in only_reject(read(path, good.decode().encode("gb18030"))).reason
    assert bad_lines(read(path, good + b"b,B\x00\nc,C\n")) == [3]


def test_a_list_is_separated_by_bars(path: Path) -> None:
    batch = read(path, "key,title,styles\na,A,red| blue ||red\n")
    assert cell(batch, "styles") == ["red", "blue"]


def test_many_rows_come_in_several_chunks(path: Path) -> None:
    count = 120_000
    rows = "".join(f"k{n},T,{n}\n" for n in range(count))
    path.write_text(HEAD + rows + "broken\n")
    found = batches(path)
    assert len(found) == 3
    assert sum(batch.frame.height for batch in found) == count
    assert bad_lines(found[-1]) == [count + 2]


def test_an_empty_file_and_a_bare_header_have_no_rows(path: Path) -> None:
    for content in ("", "\n", HEAD):
        path.write_text(content)
        assert sum(batch.read for batch in batches(path)) == 0
