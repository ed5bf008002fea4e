"""A model as bytes: an npz of plain arrays with its settings as JSON among them, no pickle."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlp.ner.chain import Chain
from nlp.ner.features import Features
from nlp.ner.model import NerModel
from nlp.ner.scoring import Layer, Scorer
from nlp.ner.settings import NerSettings
from nlp.ner.tags import Tags
from nlp.ner.words import dictionary_version
from weft.errors import WeftError

FORMAT = 2
PARTS = ("scale", "shift", "products", "bias")
Arrays = Mapping[str, NDArray[Any]]


class UnreadableModel(WeftError):
    """These bytes are no model of this version of Weft; train it again."""

    code = "MODEL"


def to_bytes(model: NerModel) -> bytes:
    """Write a model."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **_arrays(model))
    return file.getvalue()


def from_bytes(data: bytes) -> NerModel:
    """Read a model; it finds what the written one found."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = dict(file)
        about = json.loads(_words(arrays["about"])[0])
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        raise UnreadableModel from error
    if (about["format"], about["dictionary"]) != (FORMAT, dictionary_version()):
        raise UnreadableModel(
            f"a model of format {about['format']} over dictionary {about['dictionary']}, not "
            f"{FORMAT} over {dictionary_version()}; train it again with `weft train-ner`"
        )
    return _model(about, arrays)


def _arrays(model: NerModel) -> dict[str, NDArray[Any]]:
    features, scorer = model.features, model.scorer
    arrays = {
        "about": _letters([json.dumps(_about(model))]),
        "letters": features.letters,
        "pairs": features.pairs,
        **{f"words {kind}": _letters(features.gazetteers[kind]) for kind in features.kinds},
        **{name: getattr(scorer, name) for name in ("tables", "firsts", "leave", "leave_bias")},
        **model.chain._asdict(),
    }
    for number, layer in enumerate(scorer.layers):
        arrays |= {f"{part} {number}": getattr(layer, part) for part in PARTS}
    return arrays


def _about(model: NerModel) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "dictionary": dictionary_version(),
        "settings": model.settings.model_dump(),
        "labels": model.tags.labels,
        "kinds": model.features.kinds,
        "warmth": model.warmth,
    }


def _model(about: Mapping[str, Any], arrays: Arrays) -> NerModel:
    settings = NerSettings.model_validate(about["settings"])
    gazetteers = {kind: _words(arrays[f"words {kind}"]) for kind in about["kinds"]}
    layers = tuple(_layer(arrays, k, far) for k, far in enumerate(settings.dilations))
    tables, leave, bias = arrays["tables"], arrays["leave"], arrays["leave_bias"]
    return NerModel(
        settings=settings,
        tags=Tags(tuple(about["labels"])),
        features=Features(arrays["letters"], arrays["pairs"], tuple(about["kinds"]), gazetteers),
        scorer=Scorer(tables, arrays["firsts"], layers, leave, bias),
        chain=Chain(*(arrays[part] for part in Chain._fields)),
        warmth=about["warmth"],
    )


def _layer(arrays: Arrays, number: int, dilation: int) -> Layer:
    scale, shift, products, bias = (arrays[f"{part} {number}"] for part in PARTS)
    return Layer(scale, shift, products, bias, dilation)


def _letters(words: Sequence[str]) -> NDArray[np.uint8]:
    """Words as bytes, one a line; a line break within a word would be no word."""
    whole = "\n".join(word.replace("\n", " ") for word in words)
    return np.frombuffer(whole.encode("utf-8", "surrogatepass"), np.uint8)


def _words(letters: NDArray[np.uint8]) -> tuple[str, ...]:
    whole = letters.tobytes().decode("utf-8", "surrogatepass")
    return tuple(whole.split("\n")) if whole else ()
