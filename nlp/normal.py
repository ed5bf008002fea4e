"""The form in which words are compared: width, case, accents, tradition and blanks do not count."""

import unicodedata

from nlp.comparing import compared


class _Forms(dict[int, str]):
    """Compared forms by code point, found out when first asked for."""

    def __missing__(self, code: int) -> str:
        form = self[code] = compared(chr(code))
        return form


_FORMS = _Forms()


def normal(text: str) -> str:
    """Give the compared form: `Ｎike  AIR` is `nike air`, `連衣裙` is `连衣裙`."""
    return unicodedata.normalize("NFC", " ".join(text.translate(_FORMS).split()))
