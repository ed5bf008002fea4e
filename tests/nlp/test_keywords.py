from nlp.keywords import keywords
from nlp.newwords import new_words


def test_keywords_are_counted_weighed_and_linked(lexicon):
    titles = [
        "红色连衣裙",
        "黑色连衣裙",
        "Nike dresses",
        "Nike dress",
        "显瘦 Nike",
        "帆布鞋 的",
    ] * 3
    found = keywords(iter(titles), lexicon)
    words = {row["keyword"]: row for row in found.words.to_dicts()}
    assert found.texts == 18
    assert words["nike"]["texts"] == 9
    assert words["dress"]["variants"] == ["dress", "dresses"]
    assert "的" not in words
    assert words["显瘦"]["weight"] > words["nike"]["weight"] / 3
    assert {"keyword": "dress", "tag": 2, "texts": 6} in found.links.to_dicts()


def test_words_that_always_meet_are_a_phrase(lexicon):
    titles = ["frozen yogurt maker"] * 3 + [f"word{'abcdefghij'[n % 10]} box" for n in range(90)]
    words = set(keywords(titles, lexicon).words["keyword"])
    assert "frozen yogurt" in words
    assert "wordabox" not in words


def test_counting_keeps_to_its_room(lexicon):
    titles = [f"{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}word red" for n in range(300)]
    assert len(keywords(titles, lexicon, room=20).words) <= 20


def test_new_words_hold_together_and_stand_free():
    beside = "男女儿童老幼青春夏秋冬东南西北前后左右上下"
    titles = [f"{one}洛丽塔{other}" for one, other in zip(beside, beside[::-1], strict=True)]
    found = new_words(titles, cohesion=1.0)
    assert found["word"].to_list() == ["洛丽塔"]
    assert new_words(titles, known={"洛丽塔"}, cohesion=1.0).is_empty()
