"""The language of a file, by its name."""

import re
from pathlib import Path

from weft.errors import ImportFailed

CODE = re.compile(r"(?:.*[._])?([a-z]{2,3})(?:[-_]([A-Za-z]{2,8}))?")
USUAL = {"cs-cz", "da-dk", "el-gr", "en-us", "ja-jp", "ko-kr", "sv-se", "uk-ua", "vi-vn", "zh-cn"}


def language_of(path: Path) -> str:
    """Give it as a code, without the usual region: `zh` of `list.zh-CN.txt`, `zh-tw` of `zh-TW`."""
    match = CODE.fullmatch(path.stem)
    if match is None:
        raise ImportFailed(f"{path}: its name must end in a language, as {path.stem}.zh-CN does")
    language, region = match[1], (match[2] or "").lower()
    code = f"{language}-{region}"
    return language if region in ("", language) or code in USUAL else code
