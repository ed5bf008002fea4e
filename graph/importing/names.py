"""The label of a tag that nobody has labelled yet: the last part of its key, in no language."""

from nlp.normal import normal

NO_LANGUAGE = "und"


def label_of(key: str) -> str:
    """Give the last part of a key: `label_of("shoes/sneakers") == "sneakers"`."""
    return key.rstrip("/").rpartition("/")[2] or key


def normals(texts: list[str]) -> list[str]:
    """Give the compared forms of labels."""
    return [normal(text) for text in texts]
