from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.building import apply_spec, shop_of
from api.commands.main import app
from api.evaluation.sorting import Options, hold_out_models
from api.releases import scenes_of
from api.spec import Spec, open_spec
from ranking.asking import Request
from ranking.evaluation.pools import Pool
from ranking.page import Page
from ranking.pages import recommend
from tests.asking import ask
from tests.ranking.shop import CITIES, TEXT, city_of, open_longing
from tests.tiny import NOON
from weft.errors import NotFound, SpecError
from weft.releases import read_live
from weft.running import Quiet


@pytest.fixture(scope="module")
def longing(tmp_path_factory: pytest.TempPathFactory, module_engine: Engine) -> tuple[Engine, Spec]:
    spec = open_longing(module_engine, tmp_path_factory.mktemp("longing"))
    apply_spec(module_engine, spec, Quiet())
    return module_engine, spec


def page(
    engine: Engine,
    spec: Spec,
    scene: str,
    person: str,
    shown: Sequence[int] = (),
    moment: datetime = NOON + timedelta(hours=1),
) -> Page:
    with engine.connect() as connection:
        live = read_live(connection)
        query = text("SELECT id FROM person WHERE key = :key")
        number = connection.execute(query, {"key": person}).scalar()
    assert live is not None
    request = Request(scene, number, 6, moment, tuple(shown))
    scenes = scenes_of(spec, live)
    return ask(engine, lambda connection: recommend(connection.engine, scenes, request))


def cities(engine: Engine, made: Page) -> list[str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, key FROM item"))
        keys = {row.id: row.key for row in rows}
    return [city_of(int(keys[placed.item][1:])) for placed in made.items]


def test_pages_begin_with_what_the_person_longs_for(longing: tuple[Engine, Spec]) -> None:
    engine, spec = longing
    for person in range(CITIES):
        made = page(engine, spec, "home", f"p{person}")
        assert made.dropped == ()
        assert cities(engine, made).count(f"city{person}") >= 5


def test_a_page_of_now_is_made_of_what_is_held_in_memory(longing: tuple[Engine, Spec]) -> None:
    engine, spec = longing
    made = page(engine, spec, "home", "p3", moment=datetime.now(UTC))
    assert made.dropped == ()
    assert cities(engine, made).count("city3") >= 5


def test_each_stage_says_what_it_thought(longing: tuple[Engine, Spec]) -> None:
    engine, spec = longing
    made = page(engine, spec, "home", "p1")
    named = {tuple(name for name, _ in placed.stages) for placed in made.items}
    assert named == {("coarse", "fine")}
    scores = [placed.score for placed in made.items]
    assert scores == sorted(scores, reverse=True)
    assert page(engine, spec, "plain", "p1").items[0].stages == ()


def test_pages_fit_together(longing: tuple[Engine, Spec]) -> None:
    engine, spec = longing
    first = [placed.item for placed in page(engine, spec, "home", "p2").items]
    second = [placed.item for placed in page(engine, spec, "home", "p2", first).items]
    assert len({*first, *second}) == 12


def test_the_metrics_of_a_model_are_those_of_the_last_rows(longing: tuple[Engine, Spec]) -> None:
    engine, _ = longing
    query = text("""
        SELECT metric.name, metric.value FROM weft.metric JOIN weft.artifact ON id = artifact
        WHERE step = 'ranker.fine'
    """)
    with engine.connect() as connection:
        found = {row.name: row.value for row in connection.execute(query)}
    assert found["click.auc"] > 0.8
    assert found["click.calibration_error"] < 0.1
    assert found["epoch.2.loss"] < found["epoch.1.loss"]
    assert found["rows"] > 20 * found["check.rows"] / 5


def test_nothing_is_learned_twice(longing: tuple[Engine, Spec]) -> None:
    engine, spec = longing
    assert apply_spec(engine, spec, Quiet()).build is None


def test_models_are_measured_on_what_they_had_not_seen(longing: tuple[Engine, Spec]) -> None:
    engine, spec = longing
    options = Options(pool=Pool(asks=20, items=24, top=3, cut=12))
    made = hold_out_models(engine, spec, timedelta(hours=12), options, lambda step, share: None)
    found = {(f.source, f.measure): f for f in made.figures if f.scene == f.who == "all"}
    assert found["fine", "click.auc"].low > 0.8
    assert found["coarse", "click.gauc - alone"].questions == found["fine", "click.auc"].questions
    assert found["coarse", "agreement@3/12 - fine"].value > 0.6
    assert {f.scene for f in made.figures} == {"all", "home"}


def test_a_teacher_has_to_be_there(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(TEXT.replace("teacher: fine", "teacher: fin"), encoding="utf-8")
    with pytest.raises(SpecError, match=r"weft.yaml:25: .*no ranker called 'fin'; there are fine"):
        open_spec(path)


def test_a_stage_has_to_be_a_model(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(TEXT.replace("model: fine,", "model: finest,"), encoding="utf-8")
    with pytest.raises(SpecError, match="no model called 'finest'; there are fine, alone, coarse"):
        open_spec(path)


def test_students_are_built_after_their_teachers(longing: tuple[Engine, Spec]) -> None:
    steps = {step.name: step for step in shop_of(longing[1]).steps}
    assert "ranker.fine" in steps["ranker.coarse"].needs
    assert steps["ranker.alone"].needs == ("ranking.features",)


@pytest.fixture
def runner(longing: tuple[Engine, Spec], monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    url = longing[0].url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("WEFT_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def test_features_are_laid_out_by_what_they_are_worth(runner: CliRunner) -> None:
    done = runner.invoke(app, ["features", "fine"], catch_exceptions=False)
    rows = [line.split() for line in done.output.splitlines() if line.strip()]
    features = [row[0] for row in rows[2:8]]
    assert set(features[:3]) < {"who", "city", "thing", "taken"}
    assert next(row for row in rows if row[:2] == ["thing", "items"])[2] == "100.0%"
    assert next(row for row in rows if row[:2] == ["thing", "24"])


def test_an_unknown_model_is_refused_by_name(runner: CliRunner) -> None:
    with pytest.raises(NotFound, match="no model called 'fin'; there are fine, alone, coarse"):
        runner.invoke(app, ["features", "fin"], catch_exceptions=False)


def test_figures_are_printed_and_kept(
    runner: CliRunner, longing: tuple[Engine, Spec], tmp_path: Path
) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(TEXT, encoding="utf-8")
    plots, json = tmp_path / "plots", tmp_path / "figures.json"
    asked = ["eval", "ranking", "--holdout", "12h", "--model", "fine", "--spec", str(path)]
    asked += ["--plots", str(plots), "--json", str(json)]
    done = runner.invoke(app, asked, catch_exceptions=False)
    assert "shown in" in done.output
    assert (plots / "click-gauc.svg").exists()
    query = text("SELECT value FROM live.ranking WHERE measure = 'click.auc' AND scene = 'all'")
    with longing[0].connect() as connection:
        values = connection.execute(query).scalars().all()
    assert len(values) == 1 + 1  # of everybody, and of the one group that they are
    assert str(round(values[0], 4)) in done.output


def test_a_release_without_later_rows_says_what_would_help(runner: CliRunner) -> None:
    with pytest.raises(NotFound, match=r"import newer events .* --holdout 1d"):
        runner.invoke(app, ["eval", "ranking"], catch_exceptions=False)


def test_a_shop_where_nothing_was_shown_is_built_and_served(engine: Engine, tmp_path: Path) -> None:
    spec = open_longing(engine, tmp_path, events=False)
    apply_spec(engine, spec, Quiet())
    made = page(engine, spec, "home", "p1")
    assert made.dropped == ()
    assert [placed.stages for placed in made.items] == [()] * 6


def test_a_student_reads_what_its_teacher_reads(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    text = TEXT.replace("distil: {teacher: fine", "features: [who], distil: {teacher: fine")
    path.write_text(text, encoding="utf-8")
    told = r"coarse.features: a student reads what its teacher 'fine' reads; leave it out"
    with pytest.raises(SpecError, match=told):
        open_spec(path)


def test_an_objective_names_tasks_that_are_foretold(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    text = TEXT.replace("{model: fine,", "{model: fine, objective: {of: {buy: 1}},")
    path.write_text(text, encoding="utf-8")
    told = "scenes.home.fine.objective: no task called 'buy'; there are click"
    with pytest.raises(SpecError, match=told):
        open_spec(path)


def test_a_student_may_learn_together_with_its_teacher(longing: tuple[Engine, Spec]) -> None:
    engine, spec = longing
    towers = spec.ranking.models["coarse"].model_dump(exclude_unset=True)
    student = {**towers, "epochs": 2, "distil": {"teacher": "fine", "together": True}}
    plain = spec.model_dump(mode="json", exclude_unset=True)
    plain["ranking"]["models"] = {"fine": plain["ranking"]["models"]["fine"], "coarse": student}
    both = Spec.model_validate(plain)
    options = Options(pool=Pool(asks=10, items=24, top=3, cut=12))
    made = hold_out_models(engine, both, timedelta(hours=12), options, lambda step, share: None)
    found = {(f.source, f.measure): f for f in made.figures if f.scene == f.who == "all"}
    assert found["coarse", "click.auc"].value > 0.7
    assert found["coarse", "click.calibration error"].value < 0.15
