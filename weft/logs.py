"""Structured logs to standard error: text for people, JSON for machines."""

import logging
import sys

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from weft.settings import Settings


def start_logs(settings: Settings) -> None:
    """Set up logging once, at the start of a process."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_level(settings)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def log(subject: str) -> FilteringBoundLogger:
    """Get the logger of one subject, such as `build` or `import`."""
    logger: FilteringBoundLogger = structlog.get_logger(subject=subject)
    return logger


def _level(settings: Settings) -> int:
    return logging.getLevelNamesMapping()[settings.log_level.upper()]
