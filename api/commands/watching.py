"""A build as a person sees it: a bar for each step, and what the steps say."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from weft.plan import Plan
from weft.words import plural


class Screen:
    """Shows a build on the terminal."""

    def __init__(self) -> None:
        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True, highlight=False),
        )
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "Screen":
        """Begin to draw."""
        self.bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        self.bars.stop()

    def showed(self, stage: str, share: float) -> None:
        """Draw how far something beside the build's steps is."""
        if stage not in self.tasks:
            self.tasks[stage] = self.bars.add_task(stage, total=1.0)
        self.bars.update(self.tasks[stage], completed=share)

    def waited(self, message: str) -> None:
        """Say whom the build waits for."""
        self.bars.console.print(message)

    def began(self, plan: Plan, resumed: bool) -> None:
        """Draw a bar for each step."""
        if resumed:
            left = plural(len(plan.stale), "step")
            self.bars.console.print(f"going on with a build that was killed: {left} left")
        for planned in plan.stale:
            name = planned.step.name
            self.tasks[name] = self.bars.add_task(name, total=1.0, start=False)

    def started(self, step: str) -> None:
        """Start a bar's clock."""
        self.bars.start_task(self.tasks[step])

    def moved(self, step: str, share: float) -> None:
        """Fill a bar."""
        self.bars.update(self.tasks[step], completed=share)

    def said(self, step: str, message: str) -> None:
        """Print what a step says above the bars."""
        self.bars.console.print(f"{step}: {message}", markup=False)

    def finished(self, step: str, seconds: float) -> None:
        """Close a bar."""
        self.bars.update(self.tasks[step], completed=1.0)
