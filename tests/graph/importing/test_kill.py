"""kill -9 while items are imported, then the same again: the same rows, the same ids."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Engine

from tests.checksums import checksums
from tests.graph.shop import Shop, item
from weft.database import connect

CHECKOUT = Path(__file__).parents[3]
SPEC = """\
name: tiny
catalog:
  item:
    category: {type: tag, facet: category, filter: true}
    city: {type: keyword, filter: true}
"""
COUNT = 110_000
KILLS = 5


def start(folder: Path, engine: Engine) -> subprocess.Popen[bytes]:
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "api.commands.main", "import", "items", "items.jsonl"],
        cwd=folder,
        env={**os.environ, "WEFT_DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.DEVNULL,
    )


def test_a_killed_import_of_items_ends_as_if_undisturbed(shop: Shop, fresh_copy) -> None:
    (shop.folder / "weft.yaml").write_text(SPEC)
    cells = (
        {"category": f"c{n % 997 * (n // 50_000 + 1)}", "city": f"x{n % 7}"} for n in range(COUNT)
    )
    shop.write(
        "items.jsonl", [item(f"k{n * 7919 % COUNT}", **more) for n, more in enumerate(cells)]
    )
    shop.engine.dispose()
    calm = connect(fresh_copy(shop.engine.url.render_as_string(hide_password=False)))
    began = time.monotonic()
    assert start(shop.folder, calm).wait() == 0
    seconds = time.monotonic() - began
    chance = random.Random(5)
    hits = 0
    for _ in range(KILLS):
        process = start(shop.folder, shop.engine)
        time.sleep(chance.uniform(0.1, 0.8) * seconds)
        hits += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(shop.folder, shop.engine).wait() == 0
    assert hits > 0
    assert checksums(shop.engine) == checksums(calm)
    assert shop.ask("SELECT max(id), count(*) FROM item") == [(COUNT, COUNT)]
    calm.dispose()
