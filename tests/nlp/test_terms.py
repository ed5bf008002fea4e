import pytest

from nlp.terms import asked_terms, base, heads, terms


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("batteries", "battery"),
        ("cases", "case"),
        ("boxes", "box"),
        ("dresses", "dress"),
        ("watches", "watch"),
        ("lenses", "lens"),
        ("lens", "lens"),
        ("mice", "mouse"),
        ("women", "woman"),
        ("jeans", "jeans"),
        ("bus", "bus"),
        ("aa", "aa"),
    ],
)
def test_plurals_and_singulars_are_one_term(many: str, one: str) -> None:
    assert base(many) == one


def test_a_model_number_is_found_however_it_is_written() -> None:
    assert "tn2110" in terms("Brother TN-2110")
    assert set(asked_terms("tn2110")) <= set(terms("Brother TN-2110"))
    assert set(asked_terms("TN 2110")) - {"tn2110"} <= set(terms("Brother TN-2110"))


def test_a_number_and_its_unit_are_one_term() -> None:
    assert terms("3.5 mm") == terms("3.5mm") == ["3.5mm"]


def test_words_of_a_query_are_also_tried_as_one() -> None:
    assert asked_terms("head sets") == ["head", "set", "headset"]


def test_scripts_without_blanks_are_found_by_pairs_and_by_single_characters() -> None:
    assert asked_terms("马克杯") == ["马克", "克杯"]
    assert set(asked_terms("马克杯")) | set(asked_terms("杯")) <= set(terms("白色马克杯 350ml"))


def test_width_case_and_tradition_do_not_count() -> None:
    assert asked_terms("ＮＩＫＥ連衣裙") == asked_terms("nike连衣裙")


def test_heads_are_what_the_thing_is_and_not_what_it_is_for() -> None:
    assert heads("Targus LCD monitor privacy filters for laptops") == ["filter"]
    assert "mouse" in heads("HP Bluetooth Laser mouse, black")
    assert heads("复古连衣裙") == ["衣裙"]


def test_nothing_has_no_terms() -> None:
    assert terms("") == asked_terms(" ,;") == heads("") == []
