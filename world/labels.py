"""What a tag is called, in the notation of the word lists."""

from dataclasses import dataclass

HOMOPHONES = str.maketrans(
    "雅诺思兰宝佳恒瑞美华康乐丽欣晨云清禾木若青初素言简朴霍墨芙妮斯卡莱维蒂洛格森黛野舟山川溪吉泽原庭",
    "亚糯丝蓝保嘉横睿镁桦糠勒莉新辰芸青和目偌清出速岩减扑活默夫尼思咔来唯帝罗阁深代也州珊穿西即择源廷",
)


@dataclass(frozen=True)
class Labels:
    """One language: the preferred label first, then the rest by how openly they are known."""

    preferred: str | None = None
    synonyms: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def split(text: str) -> list[str]:
    """The words between commas."""
    return [word for word in text.split(",") if word]


def read_labels(known: str, hidden: str) -> Labels:
    """Labels out of `preferred,synonym,~withheld` and `misspelling,misspelling`."""
    words = split(known)
    open_words = tuple(word for word in words if not word.startswith("~"))
    withheld = tuple(word[1:] for word in words if word.startswith("~"))
    wrong = tuple(split(hidden)) or misspell(open_words[0] if open_words else "")
    return Labels(open_words[0] if open_words else None, open_words[1:], wrong, withheld)


def misspell(word: str) -> tuple[str, ...]:
    """One plausible slip: letters swapped in Latin, a homophone in Chinese; or none."""
    if word.isascii():
        return swap_letters(word)
    slip = word[:-1] + word[-1].translate(HOMOPHONES)
    slip = slip if slip != word else word.translate(HOMOPHONES)
    return (slip,) if slip != word else ()


def swap_letters(word: str) -> tuple[str, ...]:
    """The two letters after the middle change places."""
    middle = len(word) // 2
    pair = word[middle : middle + 2]
    if len(word) < 5 or not pair.isalpha() or pair[0] == pair[-1]:
        return ()
    return (word[:middle] + pair[::-1] + word[middle + 2 :],)
