import pytest

from nlp.ner import Sample, Span, evaluate


def test_evaluate_counts_whole_entities():
    samples = [
        Sample("红色跑步鞋", (Span(2, 5, "product"),)),
        Sample("耐克鞋", (Span(0, 2, "brand"), Span(2, 3, "product"))),
    ]
    found = [
        [Span(3, 5, "product")],
        [Span(0, 2, "brand"), Span(2, 3, "product"), Span(0, 1, "brand")],
    ]
    report = evaluate(samples, found)
    assert (report.overall.right, report.overall.found, report.overall.there) == (2, 4, 3)
    assert report.overall.precision == pytest.approx(0.5)
    assert report.overall.recall == pytest.approx(2 / 3)
    assert report.overall.f1 == pytest.approx(4 / 7)
    assert report.labels["brand"].f1 == pytest.approx(2 / 3)
    assert report.labels["product"].f1 == pytest.approx(0.5)


def test_nothing_found_is_zero_not_an_error():
    quality = evaluate([Sample("鞋", ())], [[]]).overall
    assert (quality.precision, quality.recall, quality.f1) == (0, 0, 0)
