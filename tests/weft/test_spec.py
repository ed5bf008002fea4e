import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.spec import Spec, filled_in, open_spec
from weft.errors import SpecError

SOUND = """\
name: shop
catalog:
  item:
    city: {type: keyword, filter: true}
    price: {type: number, filter: true}
recall:
  channels:
    popular: {type: popular, by: [scene, item.city]}
scenes:
  home: {recall: [popular]}
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "weft.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        open_spec(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


def change(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


def test_a_sound_spec_is_read_and_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(SOUND)
    spec = open_spec(path)
    assert spec.scene("home").recall == ["popular"]
    assert filled_in(spec)["recall"]["channels"]["popular"]["half_life"] == "3d"
    assert Spec.model_validate(filled_in(spec)) == spec


def test_the_example_is_sound(bazaar: Spec) -> None:
    assert list(bazaar.scene("luxury").shares())[-2:] == ["popular", "fresh"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: shop", "name: Shop", "1: name: string should match"),
        (
            "type: number",
            "type: numbr",
            "5: catalog.item.price: no type called 'numbr'; there are number",
        ),
        (
            "filter: true}\nrecall",
            "filtr: true}\nrecall",
            "no option called 'filtr'; there are filter",
        ),
        (
            "[scene, item.city]",
            "[scene, item.town]",
            "8: recall.channels.popular.by.1: no dimension",
        ),
        ("[scene, item.city]", "[item.price]", "no dimension called 'item.price'"),
        ("by: [scene, item.city]", "window: soon", "a duration such as 30s, 15m, 12h"),
        ("recall: [popular]", "recall: [popula]", "no channel called 'popula'; there are popular"),
        (
            "recall: [popular]",
            "recall: {popula: {}}",
            "10: scenes.home.recall.popula: no channel called 'popula'; there are popular",
        ),
        (
            "recall: [popular]",
            "recall: {popular: {qouta: 3}}",
            "10: scenes.home.recall.popular.qouta: no option called 'qouta'; there are quota",
        ),
        ("recall: [popular]", "extends: hme", "10: scenes.home.extends: no scene called 'hme'"),
        (
            "recall: [popular]",
            "where: {prise: 3}",
            "no filter called 'prise'; there are price, city",
        ),
        ("recall: [popular]", "where: {price: {under: 3}}", "where.price: no test called 'under'"),
        ("recall: [popular]", "extends: home", "scenes extend each other in a circle: home → home"),
        ("price:", "title:", "5: catalog.item.title: 'title' is Weft's own column"),
        ("name: shop", "timezone: Mars/Base", "1: timezone: no time zone called 'Mars/Base'"),
        ("name: shop", "name: shop\nname: shop", "2: found duplicate key"),
        ("    city: {", "    city: [", "not YAML"),
    ],
)
def test_a_problem_names_its_line_and_the_choices(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert any(said in line for line in problems(tmp_path, change(old, new)))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = change("type: number", "type: numbr").replace("[popular]", "[x]").replace("shop", "S")
    assert [line.split(":")[0] for line in problems(tmp_path, text)] == ["1", "5", "10"]


@pytest.mark.parametrize("text", ["", "- a\n", "just words"])
def test_a_spec_is_a_mapping(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == ["1: a spec is a mapping that begins with `name:`"]


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such file; run in the folder of your weft"):
        open_spec(tmp_path / "weft.yaml")


def test_a_spec_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_bytes("name: 店".encode("gb18030"))
    with pytest.raises(SpecError, match="save the file as UTF-8"):
        open_spec(path)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weft.yaml"
        path.write_text(SOUND[:60] + text, encoding="utf-8", errors="surrogatepass")
        with suppress(SpecError):
            open_spec(path)


EXPERIMENT = "experiments:\n  trial: {scenes: [home], share: 10%, change: {seen: []}}\n"


def test_an_experiment_is_read_and_comes_back_from_its_filled_in_form(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(SOUND + EXPERIMENT)
    spec = open_spec(path)
    assert spec.experiments["trial"].tenths() == {"changed": 100}
    assert filled_in(spec)["experiments"]["trial"]["share"] == "10%"
    assert Spec.model_validate(filled_in(spec)) == spec


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[home]", "[hom]", "12: experiments.trial.scenes.0: no scene called 'hom'"),
        ("10%", "0.1", "12: experiments.trial.share: a share such as 10% or 0.5%"),
        ("10%", "10.05%", "a share such as 10% or 0.5% is needed, in tenths of a percent"),
        ("10%", "100%", "12: experiments.trial: shares of the layer 'main' come to 100%"),
        ("seen: []", "", "experiments.trial.change: nothing is changed"),
        ("seen: []", "extends: home", "change: extends: an arm changes what a scene says"),
        ("seen: []", "recall: [popula]", "change.recall.0: no channel called 'popula'"),
        ("seen: []", "fine: {model: m}", "change.fine.model: no models are declared"),
        ("share: 10%, ", "", "`share` and `change` are needed, or several `arms`"),
        ("change: {seen: []}", "arms: {a: {}}", "experiments.trial.arms.a.share: is missing"),
        (
            "share: 10%, change: {seen: []}",
            "arms: {control: {share: 5%, change: {seen: []}}}",
            "'control' are all who are in no arm",
        ),
        (
            "experiments:",
            "experiments:\n  other: {layer: o, scenes: [home], share: 1%, change: {seen: []}}",
            "13: experiments.trial: changes seen as 'other' does",
        ),
    ],
)
def test_an_experiment_that_cannot_be_is_told(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in EXPERIMENT
    found = problems(tmp_path, SOUND + EXPERIMENT.replace(old, new))
    assert any(said in line for line in found), found
