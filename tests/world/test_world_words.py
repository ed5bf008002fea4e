import numpy as np
import pytest

from world.category_words import CATEGORIES
from world.domains import DOMAINS
from world.draws import chance
from world.facet_words import THEMES
from world.labels import misspell, read_labels
from world.noise_words import SIZES
from world.suits import SUITS, suitability
from world.surfaces import EN, KINDS, ZH, build_surfaces
from world.taxonomy import Taxonomy, ambiguous_words, build_taxonomy, read_tags
from world.titles import ORDERS, SAID, SLOTS


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return build_taxonomy(7, 20_000)


def test_indentation_makes_the_tree() -> None:
    tags = list(read_tags("theme", "animals|动物|Animals\n panda|熊猫|Panda\nspace|太空|Space"))
    assert [tag.key for tag in tags] == ["theme/animals", "theme/animals/panda", "theme/space"]
    assert [tag.parents for tag in tags] == [(), ("theme/animals",), ()]


def test_labels_are_read_by_how_openly_they_are_known() -> None:
    labels = read_labels("连衣裙,裙子,~裙装", "连衣群")
    assert labels.preferred == "连衣裙"
    assert (labels.synonyms, labels.hidden, labels.withheld) == (("裙子",), ("连衣群",), ("裙装",))


@pytest.mark.parametrize(
    ("word", "slip"), [("Jacket", ("Jackte",)), ("Gap", ()), ("云禾", ("云和",))]
)
def test_slips_are_plausible_or_none(word: str, slip: tuple[str, ...]) -> None:
    found = misspell(word)
    assert all(len(wrong) == len(word) and wrong != word for wrong in found)
    assert bool(found) == bool(slip)


def test_every_top_category_has_habits() -> None:
    tops = [tag.key.split("/")[1] for tag in read_tags("category", CATEGORIES) if not tag.parents]
    assert tops == list(DOMAINS)
    assert {domain.sizes for domain in DOMAINS.values()} <= SIZES.keys()


def test_the_number_of_tags_grows_gently() -> None:
    sizes = [len(build_taxonomy(7, items).tags) for items in (1000, 20_000, 1_000_000)]
    assert sizes == sorted(sizes)
    assert 1000 < sizes[1] < 2000
    assert 20_000 < sizes[2] < 30_000


def test_invented_names_are_never_taken_twice() -> None:
    keys = [tag.key for tag in build_taxonomy(7, 1_000_000).tags]
    assert len(set(keys)) == len(keys)


def test_secrets_are_nobodys_open_label(taxonomy: Taxonomy) -> None:
    labels = [side for tag in taxonomy.tags for side in (tag.zh, tag.en)]
    known = {word.casefold() for side in labels for word in (side.preferred or "", *side.synonyms)}
    secrets = {word.casefold() for side in labels for word in (*side.hidden, *side.withheld)}
    assert len(secrets) > 500
    assert not known & secrets


def test_words_shared_by_tags_are_ambiguous(taxonomy: Taxonomy) -> None:
    shared = ambiguous_words(taxonomy.tags)
    assert shared["苹果"] == ["brand/apple", "category/food/fruit/apple"]
    assert shared["coach"] == ["brand/coach", "category/services/lessons/coach"]
    assert "熊猫" not in shared


def test_suits_name_real_tags(taxonomy: Taxonomy) -> None:
    keys = {tag.key for tag in taxonomy.tags}
    slugs = {(tag.facet, tag.key.split("/")[-1]) for tag in taxonomy.tags}
    named = {
        (f, slug) for suit in SUITS.values() for f, words in suit.items() for slug in words.split()
    }
    assert SUITS.keys() <= keys
    assert named <= slugs


def test_unsuited_tags_are_rare(taxonomy: Taxonomy) -> None:
    keys = [taxonomy.tags[place].key for place in taxonomy.places["category"]]
    slugs = [taxonomy.tags[place].key for place in taxonomy.places["material"]]
    fits = suitability(taxonomy, "material")
    phone, shirt = (
        keys.index("category/digital/phones/charger"),
        keys.index("category/clothing/men/shirt"),
    )
    amber, cotton = slugs.index("material/amber"), slugs.index("material/cotton")
    assert fits[phone, amber] < 0.05
    assert fits[shirt, cotton] == 1


def test_every_title_order_uses_every_slot_once() -> None:
    assert len(SAID) == len(SLOTS)
    assert all(sorted(order) == list(range(len(SLOTS))) for order in ORDERS.tolist())


def test_a_tag_without_a_label_is_said_in_the_other_language(taxonomy: Taxonomy) -> None:
    surfaces = build_surfaces(taxonomy.tags)
    silent = [at for at, tag in enumerate(taxonomy.tags) if tag.en.preferred is None][:50]
    rng, only = chance(1, "test"), (1.0, 0.0, 0.0, 0.0, 0.0)
    chosen = surfaces.choose(rng, np.array(silent), np.full(len(silent), EN), only)
    said = [surfaces.texts[int(form)] for form in chosen]
    assert said == [taxonomy.tags[at].zh.preferred for at in silent]
    assert surfaces.count.shape[1:] == (2, len(KINDS))
    assert (surfaces.count[silent, ZH, 0] == 1).all()


def test_themes_have_both_languages() -> None:
    assert all(tag.zh.preferred and tag.en.preferred for tag in read_tags("theme", THEMES))
