"""Where checkpoints of training are kept."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from weft.checkpoints import load_checkpoint, save_checkpoint


@dataclass(frozen=True)
class DatabaseCheckpoints:
    """Checkpoints of a build step, by the artifact that is promised to it."""

    engine: Engine
    artifact: int

    def load(self) -> bytes | None:
        """Give the last checkpoint, if there is one."""
        return load_checkpoint(self.engine, self.artifact)

    def save(self, content: bytes) -> None:
        """Keep a checkpoint for good, in place of the one before."""
        save_checkpoint(self.engine, self.artifact, content)


@dataclass(frozen=True)
class FileCheckpoints:
    """Checkpoints in a file, for training without a database."""

    path: Path

    def load(self) -> bytes | None:
        """Give the last checkpoint, if there is one."""
        return self.path.read_bytes() if self.path.exists() else None

    def save(self, content: bytes) -> None:
        """Keep a checkpoint for good, in place of the one before."""
        beside = self.path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
