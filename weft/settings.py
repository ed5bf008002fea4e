"""What the environment says: where the database is, how to serve, how to log."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weft.errors import SettingsError

LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")
CORES = os.cpu_count() or 1
DEVICES = ("auto", "cpu", "cuda")
ORIGIN = re.compile(r"https?://[^/\s,]+")
QUERIES = ("open", "persisted")


@dataclass(frozen=True)
class Settings:
    """One process's settings; the spec says what, these say where."""

    home: Path = Path(".weft")
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = CORES
    device: str = "auto"
    log_level: str = "info"
    log_format: str = "text"
    queries: str = "open"
    cost: int = 20_000
    rate: int = 0
    timeout: int = 15
    origins: tuple[str, ...] = ()


USUAL = Settings()


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `WEFT_…` variables; every one has a default."""
    env = os.environ if environ is None else environ
    return Settings(
        home=Path(env.get("WEFT_HOME", ".weft")),
        database_url=env.get("WEFT_DATABASE_URL") or None,
        host=env.get("WEFT_HOST", "127.0.0.1"),
        port=_whole(env, "WEFT_PORT", 8000, 0, 65_535),
        workers=_whole(env, "WEFT_WORKERS", 1, 1, 64),
        threads=_whole(env, "WEFT_THREADS", CORES, 1, 1024),
        device=_choice(env, "WEFT_DEVICE", DEVICES, "auto"),
        log_level=_choice(env, "WEFT_LOG_LEVEL", LOG_LEVELS, "info"),
        log_format=_choice(env, "WEFT_LOG_FORMAT", LOG_FORMATS, "text"),
        queries=_choice(env, "WEFT_QUERIES", QUERIES, "open"),
        cost=_whole(env, "WEFT_COST", 20_000, 1, 10**9),
        rate=_whole(env, "WEFT_RATE", 0, 0, 10**9),
        timeout=_whole(env, "WEFT_TIMEOUT", 15, 1, 600),
        origins=_origins(env.get("WEFT_ORIGINS", "")),
    )


def _origins(text: str) -> tuple[str, ...]:
    """Read `https://shop.example, https://m.shop.example`; `*` is any."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for origin in found:
        if origin != "*" and not ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"WEFT_ORIGINS={origin}: an origin such as https://shop.example is needed"
            )
    return found


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or not low <= int(text) <= high:
        raise SettingsError(f"{name}={text}: a whole number from {low} to {high} is needed")
    return int(text)


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    text = env.get(name, default)
    if text not in choices:
        raise SettingsError(f"{name}={text}: there are {', '.join(choices)}")
    return text
