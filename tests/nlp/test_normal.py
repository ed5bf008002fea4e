import pytest

from nlp.normal import normal


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Nike", "nike"),
        ("ＮＩＫＥ　ａｉｒ", "nike air"),
        ("  a \t b\n", "a b"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("①", "1"),
        ("連衣裙", "連衣裙"),
    ],
)
def test_width_case_and_blanks_make_no_difference(text: str, form: str) -> None:
    assert normal(text) == form


@pytest.mark.parametrize("text", ["ǅ", "ﬁ", "K", "İ", "ϓ", "ΐ"])
def test_the_form_of_a_form_is_itself(text: str) -> None:
    assert normal(normal(text)) == normal(text)
