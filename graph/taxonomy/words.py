"""What keys, facets, languages and labels look like; all else is refused."""

import re

from weft.errors import BadRequest

KINDS = ("preferred", "synonym", "hidden")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
NO_LANGUAGE = "und"
FACET = re.compile(r"[a-z][a-z0-9_]{0,40}")
LONGEST = 256
LONGEST_REASON = 2_000
HALF = re.compile("[\0\ud800-\udfff]")


def check_key(key: str) -> None:
    """Refuse what cannot be a key."""
    if not _written(key) or key != key.strip():
        raise BadRequest(f"a key of 1 to {LONGEST} characters is needed, not {key[:40]!r}")


def check_facet(facet: str) -> None:
    """Refuse what cannot be a facet."""
    if not FACET.fullmatch(facet):
        raise BadRequest(f"a facet is named by small letters, digits and _: {facet[:40]!r}")


def check_language(language: str) -> None:
    """Refuse what is no language."""
    if not LANGUAGE.fullmatch(language):
        raise BadRequest(f"a language is a code such as zh, en or zh-tw, not {language[:40]!r}")


def check_label(kind: str, text: str) -> None:
    """Refuse kinds that there are not, and text that cannot be compared or stored."""
    if kind not in KINDS:
        raise BadRequest(f"no kind of label called {kind[:40]!r}; there are {', '.join(KINDS)}")
    if not _written(text) or text != text.strip():
        raise BadRequest(f"a label of 1 to {LONGEST} characters is needed, not {text[:40]!r}")


def check_reason(reason: str) -> None:
    """Insist on a reason."""
    if not reason.strip():
        raise BadRequest("a reason is needed, for those who come later")
    if len(reason) > LONGEST_REASON or HALF.search(reason):
        raise BadRequest(f"a reason of at most {LONGEST_REASON:,} characters is needed")


def _written(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST and not HALF.search(text)
