"""The command `weft`."""

import sys

import typer
from sqlalchemy.exc import OperationalError

from api.commands import build, canary, evaluating, experiment, graph, keys, queries, tune
from api.commands.demo import demo
from api.commands.explain import explain
from api.commands.features import features
from api.commands.importing import import_files
from api.commands.samples import samples
from api.commands.schema import schema
from api.commands.tag import tag
from api.commands.train_ner import train_ner
from api.commands.up import up
from api.commands.world import world
from api.tuning import read_subject
from weft.errors import WeftError
from weft.logs import start_logs
from weft.settings import read_settings

app = typer.Typer(
    name="weft",
    help="Declarative, graph-driven recall and ranking in one Postgres.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    build.check,
    build.show,
    build.plan,
    build.apply,
    build.status,
    build.history,
    build.release,
    build.rollback,
):
    app.command()(command)
app.command("import")(import_files)
app.command()(samples)
app.command()(features)
app.command()(explain)
app.command()(schema)
app.command()(tag)
app.command()(train_ner)
app.command("tune")(tune.command(read_subject))
app.command()(up)
app.command()(demo)
app.command()(world)
app.add_typer(canary.app, name="canary")
app.add_typer(evaluating.app, name="eval")
app.add_typer(experiment.app, name="experiment")
app.add_typer(graph.app, name="graph")
app.add_typer(keys.app, name="keys")
app.add_typer(queries.app, name="queries")


def main() -> None:
    """Run a command; an error of ours is one message, not a traceback."""
    try:
        start_logs(read_settings())
        app()
    except WeftError as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except OperationalError as error:
        print(f"the database went away: {error.orig}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
