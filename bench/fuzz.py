"""Ten thousand requests made by walking the schema, with every role and without a key.

No 5xx but a true 503, no traceback or SQL in an answer, no mutation beyond a key's role.
"""

import argparse
import asyncio
import collections
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from graphql import GraphQLSchema

from api.graphql.schema import build_schema
from api.spec import open_spec
from bench.fuzz_checks import wrong_with
from bench.fuzz_grammar import request
from bench.results import publish, table
from bench.small_shop import prepare_shop, serve_shop

AT_ONCE = 4
ROLES = ("reader", "writer", "analyst", "operator", None)


async def send_all(
    address: str, keys: dict[str, str], schema: GraphQLSchema, options: argparse.Namespace
) -> tuple[collections.Counter[str], list[str], float]:
    """Send all requests; give how many came to what, and everything that is wrong."""
    chance, counts, wrong = random.Random(options.seed), collections.Counter[str](), list[str]()
    slowest = 0.0
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        for _ in range(0, options.requests, AT_ONCE):
            some = [(chance.choice(ROLES), request(schema, chance)) for _ in range(AT_ONCE)]
            began = time.perf_counter()
            answers = await asyncio.gather(*(_send(client, keys, *one) for one in some))
            slowest = max(slowest, time.perf_counter() - began)
            for (role, body), answer in zip(some, answers, strict=True):
                found = list(wrong_with(answer.status_code, answer.content, body, role))
                wrong += [f"{role}: {what}: {body!r} → {answer.text[:300]}" for what in found]
                counts[f"{answer.status_code}"] += 1
                counts["with data"] += b'"data":{' in answer.content
    return counts, wrong, slowest


async def _send(
    client: httpx.AsyncClient, keys: dict[str, str], role: str | None, body: bytes
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {keys[role]}"} if role else {}
    return await client.post("/graphql", content=body, headers=headers)


def main() -> None:
    """Send them."""
    options = _options()
    with TemporaryDirectory(prefix="weft-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        keys = prepare_shop(home, 500, 200)
        spec = open_spec(home / "weft.yaml")
        schema = build_schema(spec.catalog)._schema
        with serve_shop(home, workers=1) as served:
            found = asyncio.run(send_all(served.address, keys, schema, options))
        tracebacks = (home / "log").read_text(errors="replace").count("internal error")
    counts, wrong, slowest = found
    for line in wrong[:20]:
        print(line)
    figures = {
        **counts,
        "wrong": len(wrong),
        "internal": tracebacks,
        "slowest_s": round(slowest, 2),
    }
    rows = [[name, count] for name, count in sorted(figures.items())]
    publish(
        f"make bench-fuzz REQUESTS={options.requests}", table(["what", "how many"], rows), figures
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
