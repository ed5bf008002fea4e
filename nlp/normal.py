"""The form in which words are compared: width, case and blanks make no difference."""

import unicodedata


def normal(text: str) -> str:
    """Give the compared form: `normal("Ｎike  AIR") == "nike air"`."""
    return " ".join(
        unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split()
    )
