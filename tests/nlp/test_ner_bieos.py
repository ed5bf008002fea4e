import pytest

from nlp.ner.bieos import BadAnnotation, read_gazetteers, read_samples
from nlp.ner.samples import Sample, Span


def test_titles_are_read_with_their_entities(tmp_path):
    path = tmp_path / "train.bieos"
    path.write_text("耐\tB-HP\n克\tE-HP\n \tO\n鞋\tS-HC\n\n好\tO\n", "utf-8")
    assert read_samples(path) == [
        Sample("耐克 鞋", (Span(0, 2, "HP"), Span(3, 4, "HC"))),
        Sample("好", ()),
    ]


def test_an_entity_that_is_never_closed_is_none(tmp_path):
    path = tmp_path / "train.bieos"
    path.write_text("a\tB-X\nb\tI-X\nc\tO\nd\tB-X\ne\tE-Y\nf\tE-X\n", "utf-8")
    assert read_samples(path) == [Sample("abcdef", ())]


@pytest.mark.parametrize("line", ["a O", "a\tX-brand"])
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "train.bieos"
    path.write_text(f"a\tO\n{line}\n", "utf-8")
    with pytest.raises(BadAnnotation, match=r"train\.bieos:2"):
        read_samples(path)


def test_gazetteers_that_differ_by_digits_are_one(tmp_path):
    (tmp_path / "brand1.dic").write_text("耐克\n\n李宁\n", "utf-8")
    (tmp_path / "brand2.dic").write_text("耐克\n", "utf-8")
    (tmp_path / "size.dic").write_text("大码\n", "utf-8")
    assert read_gazetteers(tmp_path) == {"brand": ("李宁", "耐克"), "size": ("大码",)}
