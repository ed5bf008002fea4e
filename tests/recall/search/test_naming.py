import pytest

from recall.search.naming import mentions, stretches

NAMED = {"dress": [1], "red dress": [2], "nike": [3], "连衣裙": [4], "裙": [5], "jaguar": [6, 7]}


def named(text: str) -> list[tuple[int, ...]]:
    return [mention.tags for mention in mentions(text, NAMED)]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("red dress", [(2,)]),
        ("dresses by Nike", [(1,), (3,)]),
        ("复古连衣裙", [(4,)]),
        ("nike裙子", [(3,), (5,)]),
        ("jaguar", [(6, 7)]),
        ("dressing", []),
        ("", []),
    ],
)
def test_the_longest_names_are_read(text: str, tags: list[tuple[int, ...]]) -> None:
    assert sorted(named(text)) == sorted(tags)


def test_a_mention_weighs_as_much_as_it_is_of_the_query() -> None:
    (mention,) = mentions("nike shoe", NAMED)
    assert mention.share == pytest.approx(4 / 8)


def test_what_is_typed_endlessly_has_few_stretches() -> None:
    assert len(stretches("a " * 2_000)) < 2_000 * 7
