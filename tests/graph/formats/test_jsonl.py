from pathlib import Path

import pytest

from graph.formats.lines import LONGEST
from tests.graph.reading import bad_lines, batches, keys, only_reject, read
from weft.errors import ImportFailed

GOOD = b'{"key":"a","title":"A"}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "items.jsonl"


def test_each_line_is_a_row_with_its_number(path: Path) -> None:
    batch = read(path, b'{"key":"a","title":"A"}\r\n\n   \n{"title":"B","key":"b"}')
    assert keys(batch) == ["a", "b"]
    assert batch.frame["line"].to_list() == [1, 4]
    assert batch.read == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"key":"b","tit', "not JSON"),
        (b"[1,2]", "a JSON object"),
        (b'"text"', "a JSON object"),
        (b"null", "a JSON object"),
        (b'{"key":"b","title":NaN}', "not JSON"),
        (b'{"key":"b","title":"\xff"}', "try --encoding gb18030"),
        (b'{"key":"b","title":"\\ud800"}', "not JSON"),
        (b'{"key":"b","title":"x\x00y"}', "NUL"),
        (b'{"key":"b","title":"x\\u0000y"}', "NUL"),
        (b"[" * 5_000, "not JSON"),
    ],
)
def test_a_bad_line_is_refused_alone(path: Path, line: bytes, reason: str) -> None:
    batch = read(path, GOOD + line + b"\n" + GOOD.replace(b'"a"', b'"c"'))
    assert keys(batch) == ["a", "c"]
    assert only_reject(batch).line == 2
    assert reason in only_reject(batch).reason


def test_a_truncated_last_line_is_refused_and_a_whole_one_without_newline_is_not(
    path: Path,
) -> None:
    assert bad_lines(read(path, GOOD + b'{"key":"b"')) == [2]
    assert keys(read(path, GOOD + b'{"key":"b","title":"B"}')) == ["a", "b"]


def test_a_line_of_ten_megabytes_is_refused_with_its_beginning(path: Path) -> None:
    long = b'{"key":"long","title":"' + b"x" * 10 * 2**20 + b'"}\n'
    path.write_bytes(GOOD + long + GOOD.replace(b'"a"', b'"c"') + long)
    found = batches(path)
    assert [key for batch in found for key in keys(batch)] == ["a", "c"]
    rejects = [reject for batch in found for reject in batch.rejects]
    assert [reject.line for reject in rejects] == [2, 4]
    assert all(len(reject.row) == 1_000 and reject.row.startswith('{"key"') for reject in rejects)


def test_a_line_of_exactly_the_limit_is_read(path: Path) -> None:
    frame = '{"key":"a","title":"A","junk":""}'
    whole = frame.replace('""', f'"{"x" * (LONGEST - len(frame))}"')
    assert keys(read(path, whole)) == ["a"]
    assert bad_lines(read(path, whole.replace('"key"', '"key" '))) == [1]


def test_a_byte_order_mark_is_passed_over(path: Path) -> None:
    assert keys(read(path, b"\xef\xbb\xbf" + GOOD)) == ["a"]


def test_utf16_is_refused_by_name(path: Path) -> None:
    with pytest.raises(ImportFailed, match="UTF-16"):
        read(path, GOOD.decode().encode("utf-16"))


def test_gb18030_is_read_when_it_is_declared(path: Path) -> None:
    content = '{"key":"a","title":"连衣裙"}\n'.encode("gb18030")
    assert read(path, content, "gb18030").frame["title"].to_list() == ["连衣裙"]
    assert bad_lines(read(path, content)) == [1]
    assert bad_lines(read(path, content + b'{"key":"\xff"}', "gb18030")) == [2]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "klingon", "hz", "rot13"])
def test_an_encoding_in_which_lines_cannot_be_found_is_refused(path: Path, encoding: str) -> None:
    with pytest.raises(ImportFailed, match="--encoding"):
        read(path, GOOD, encoding)


def test_unknown_columns_are_counted(path: Path) -> None:
    batch = read(path, b'{"key":"a","title":"A","x":1}\n{"key":"b","title":"B","x":2,"y":1}')
    assert batch.unknown == {"x": 2, "y": 1}
    assert keys(batch) == ["a", "b"]


def test_an_empty_file_has_no_rows(path: Path) -> None:
    path.write_bytes(b"")
    assert sum(batch.read for batch in batches(path)) == 0
