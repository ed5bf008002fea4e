"""The form in which words are compared: width, case, accents, tradition and blanks do not count."""

import unicodedata

from nlp.folding import decode, fold


def normal(text: str) -> str:
    """Give the compared form: `normal("Ｎike  AIR") == "nike air"`, `normal("連衣裙") == "连衣裙"`."""
    return unicodedata.normalize("NFC", decode(fold([text]).codes).strip())
