"""What the environment says: where the database is, how to serve, how to log."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weft.errors import SettingsError

LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")
CORES = os.cpu_count() or 1
DEVICES = ("auto", "cpu", "cuda")


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
    )


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
