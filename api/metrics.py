"""What is counted for Prometheus; every label comes from a closed list."""

import os

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

import weft

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)

HTTP = Counter("weft_http_requests", "HTTP requests by path and status", ["path", "status"])
HTTP_SECONDS = Histogram("weft_http_seconds", "HTTP requests by path", ["path"], buckets=SECONDS)
FIELDS = Counter("weft_fields", "Root fields answered, by code", ["field", "code"])
FIELD_SECONDS = Histogram("weft_field_seconds", "Root fields", ["field"], buckets=SECONDS)
RECOMMENDED = Counter("weft_recommended", "Recommended items", ["scene", "channel"])
DROPPED = Counter("weft_dropped", "Channels left out of an answer", ["channel", "reason"])
EVENTS = Counter("weft_events", "Tracked events by what became of them", ["outcome"])
ITEMS = Counter("weft_items", "Items told by mutations, by what became of them", ["outcome"])
DUMPS = Counter("weft_dumps", "What models read, by what became of it", ["outcome"])
RELEASE = Gauge("weft_release", "The live release", multiprocess_mode="mostrecent")
BUILD = Gauge("weft_build", "This version of Weft", ["version"], multiprocess_mode="mostrecent")
BUILD.labels(weft.__version__).set(1)


def exposition() -> bytes:
    """Write all measures; of all processes, where several serve."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
