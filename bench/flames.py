"""A flame graph of a process, sampled from outside: it is not slowed down, nor led astray."""

import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
EVERY = 100  # times a second
NAMED = r"\g<1>One of two processes under load\g<2>"
TITLE = re.compile(r'(<text id="title"[^>]*>)[^<]*(</text>)')  # the sampler's names this machine


@contextmanager
def watched(pid: int, seconds: float, path: Path) -> Iterator[None]:
    """Draw what a process does during the block, for so many seconds."""
    command = [str(_sampler()), "record", "--pid", str(pid), "--rate", str(EVERY), "--nonblocking"]
    command += ["--duration", f"{seconds:.0f}", "--output", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.wait(seconds + 30)
        if path.exists():
            path.write_text(TITLE.sub(NAMED, path.read_text()))


def _sampler() -> Path:
    """Give the sampler, installed in a venv of its own when there is none."""
    home = PEERS / ".flames"
    if not (home / "bin" / "py-spy").exists():
        venv.create(home, with_pip=True)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r"]
        subprocess.run([*install, str(PEERS / "flames.txt")], check=True, stdout=sys.stderr)
    return home / "bin" / "py-spy"
