"""The strict reader of a spec: YAML 1.2 into frozen classes, every problem with file and line."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from weft.errors import SpecError

LARGEST = 4 * 2**20
T = TypeVar("T", bound=BaseModel)
Choices = dict[int, list[str]]


class Section(BaseModel):
    """The base of every class that a spec may contain: frozen, and strict about names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _remember_choices(cls, data: Any, info: ValidationInfo) -> Any:
        if info.context is not None:
            info.context["choices"][id(data)] = list(cls.model_fields)
        return data


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a spec, and what would be right."""

    line: int
    where: str
    what: str


def read_spec(path: Path, root: type[T]) -> T:
    """Read and check a spec; raise one `SpecError` that lists all its problems."""
    raw = _load(path)
    choices: Choices = {}
    try:
        return root.model_validate(raw, context={"raw": raw, "choices": choices})
    except ValidationError as error:
        problems = sorted({_problem(raw, choices, details) for details in error.errors()})
        raise SpecError("\n".join(_line(path, p) for p in problems)) from None


def ref(place: str, noun: str, also: Sequence[str] = ()) -> AfterValidator:
    """Make a check that a name stands under `place` of the same spec (or is one of `also`)."""

    def check(name: str, info: ValidationInfo) -> str:
        if info.context is not None:
            names = [*also, *_names(info.context["raw"], place)]
            if name not in names:
                raise ValueError(unknown(noun, name, names))
        return name

    return AfterValidator(check)


def unknown(noun: str, name: str, names: Iterable[str]) -> str:
    """Say that a name is unknown and which names there are, the likeliest first."""
    choices = sorted(set(names))
    near = difflib.get_close_matches(name, choices, 3, 0.5)
    ordered = near + [c for c in choices if c not in near]
    listed = ", ".join(ordered[:12]) + (", …" if len(ordered) > 12 else "")
    return (
        f"no {noun} called '{name}'; there are {listed}" if choices else f"no {noun}s are declared"
    )


def _load(path: Path) -> CommentedMap:
    try:
        if path.stat().st_size > LARGEST:
            raise SpecError(f"{path}: larger than {LARGEST:,} bytes; is this a spec?")
        raw = YAML(typ="rt", pure=True).load(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise SpecError(
            f"{path}: no such file; run in the folder of your weft.yaml or give --spec"
        ) from None
    except UnicodeDecodeError as error:
        raise SpecError(
            f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8"
        ) from None
    except MarkedYAMLError as error:
        raise SpecError(f"{path}:{_mark(error)}: {_yaml_words(error)}") from None
    except YAMLError as error:
        raise SpecError(f"{path}:1: not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(raw, CommentedMap):
        raise SpecError(f"{path}:1: a spec is a mapping that begins with `name:`")
    return raw


def _mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _yaml_words(error: MarkedYAMLError) -> str:
    problem = (error.problem or "not YAML").split("\n")[0].strip()
    return f"not YAML: {problem}" if not problem.startswith("found duplicate") else problem


def _names(raw: Any, place: str) -> list[str]:
    for part in place.split("."):
        raw = raw.get(part) if isinstance(raw, Mapping) else None
    return [str(name) for name in raw] if isinstance(raw, Mapping | list) else []


def _problem(raw: CommentedMap, choices: Choices, details: ErrorDetails) -> Problem:
    if not details["loc"] and details["type"] == "value_error":
        return _named_problem(raw, str(details["ctx"]["error"]))
    path, line, holder = _place(raw, details["loc"])
    where = ".".join(path + ([str(details["loc"][-1])] if details["type"] == "missing" else []))
    return Problem(line, where, _words(path, choices.get(id(holder), []), details))


def _named_problem(raw: CommentedMap, words: str) -> Problem:
    """Find the line of a problem between sections, whose words begin with its place."""
    where, colon, what = words.partition(": ")
    path, line, _ = _place(raw, where.split("."))
    known = colon and path == where.split(".")
    return Problem(line, where, what) if known else Problem(1, "", words)


def _place(raw: Any, loc: Sequence[str | int]) -> tuple[list[str], int, Any]:
    """Follow a location into the YAML; parts that name a kind and not a key are passed over."""
    path: list[str] = []
    line, holder = 1, raw
    for part in loc:
        if isinstance(raw, CommentedMap) and part in raw:
            line = raw.lc.key(part)[0] + 1
        elif isinstance(raw, CommentedSeq) and isinstance(part, int) and part < len(raw):
            line = raw.lc.item(part)[0] + 1
        else:
            continue
        path.append(str(part))
        holder, raw = raw, raw[part]
    return path, line, holder


def _words(path: list[str], choices: list[str], details: ErrorDetails) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown("option", path[-1], choices)
    if kind == "missing":
        return "is missing"
    if kind == "union_tag_invalid":
        return unknown("type", context["tag"], re.findall(r"'([^']+)'", context["expected_tags"]))
    if kind == "union_tag_not_found":
        return "`type:` is missing"
    if kind == "value_error":
        return str(context["error"])
    return f"{details['msg'][0].lower()}{details['msg'][1:]}{_given(details['input'])}"


def _given(value: object) -> str:
    return (
        f", not {value!r}" if isinstance(value, str | int | float | bool) or value is None else ""
    )


def _line(path: Path, problem: Problem) -> str:
    return f"{path}:{problem.line}: {problem.where}: {problem.what}"
