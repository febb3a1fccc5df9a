"""What a command shows: lines on standard output, progress and complaints on standard error.

I decide how progress looks and that results and progress never mix. Every command calls me.
I never show a progress line for what takes less than a second.
"""

import sys
from time import monotonic

import orjson
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

QUIET_S = 1.0
PIPE_WIDTH = 120


class Output:
    """The screen of one command."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._screen = Console(stderr=True, highlight=False)
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._since: dict[str, float] = {}

    def line(self, text: str) -> None:
        """Print one line of result."""
        sys.stdout.write(text + "\n")

    def show(self, *shown: RenderableType) -> None:
        """Print tables and text as a result, as wide as the screen is; a file or a pipe takes wide lines."""
        width = None if sys.stdout.isatty() else PIPE_WIDTH
        screen = Console(file=sys.stdout, highlight=False, width=width)
        for one in shown:
            screen.print(one)

    def json(self, value: object) -> None:
        """Print a value as one line of JSON."""
        sys.stdout.write(orjson.dumps(value).decode() + "\n")

    def say(self, text: str) -> None:
        """Tell what is going on."""
        self._screen.print(text, markup=False, soft_wrap=True)

    def complain(self, text: str) -> None:
        """Tell what went wrong and what to do."""
        self._screen.print(text, style="red", markup=False, soft_wrap=True)

    def progress(self, what: str, done: int, total: int) -> None:
        """Show how far something is, once it has taken a second."""
        since = self._since.setdefault(what, monotonic())
        if monotonic() - since < QUIET_S and what not in self._tasks:
            return
        if self._progress is None:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
            )
            self._progress = Progress(*columns, console=self._screen, transient=True)
            self._progress.start()
        task = self._tasks.get(what)
        if task is None:
            task = self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(task, completed=min(done, total), total=total)

    def close(self) -> None:
        """Take the progress lines away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        sys.stdout.flush()
