"""Training: samples in, a model out; the same seed makes the same model."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlp.ner.chain_loss import ChainLoss
from nlp.ner.evaluation import evaluate
from nlp.ner.features import UNSEEN, Features, learn_features
from nlp.ner.freezing import frozen
from nlp.ner.layout import bounds_of, lay_out
from nlp.ner.model import NerModel
from nlp.ner.network import Network
from nlp.ner.samples import Sample
from nlp.ner.settings import NerSettings
from nlp.ner.tags import Tags, tags_of


@dataclass(frozen=True)
class Lesson:
    """All samples as numbers, one after another."""

    slots: NDArray[np.int64]  # (characters, slots)
    bounds: NDArray[np.int64]  # (samples + 1,)
    allowed: NDArray[np.bool_]  # (characters, tags)
    factors: NDArray[np.float64]  # (samples,)


def train(
    samples: Sequence[Sample],
    settings: NerSettings,
    gazetteers: Mapping[str, Sequence[str]],
    held_out: Sequence[Sample] = (),
) -> NerModel:
    """Learn from samples; of several moments in training the best on `held_out` is kept."""
    samples = [sample for sample in samples if sample.text and sample.weight > 0]
    tags = tags_of(samples)
    features = learn_features([s.text for s in samples], gazetteers, settings.rare_pairs)
    torch.manual_seed(settings.seed)
    network = Network(features.sizes, len(tags), settings)
    lesson = _lesson(samples, features, tags)
    kept: tuple[float, NerModel] | None = None
    for average in _epochs(network, lesson, tags, settings):
        model = frozen(average, features, tags, settings)
        found = model.find([sample.text for sample in held_out])
        quality = evaluate(held_out, found).overall.f1
        print(quality)
        if kept is None or quality >= kept[0]:
            kept = quality, model
    assert kept is not None
    return kept[1]


def _lesson(samples: Sequence[Sample], features: Features, tags: Tags) -> Lesson:
    slots, bounds = features.slots([sample.text for sample in samples])
    allowed = np.concatenate([tags.allowed(sample) for sample in samples])
    factors = np.array([sample.weight for sample in samples])
    return Lesson(slots, bounds, allowed, factors)


def _epochs(
    network: Network, lesson: Lesson, tags: Tags, settings: NerSettings
) -> Iterator[Network]:
    """Train epoch by epoch; yield the running average of the network after each."""
    chance = np.random.default_rng(settings.seed)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.averaging**4)
    )
    optimizer = torch.optim.AdamW(
        network.parameters(),
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
        betas=(0.9, 0.99),
        fused=True,
    )
    count = len(lesson.factors)
    steps = settings.epochs * -(-count // settings.batch)
    rise = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, steps, pct_start=0.1, final_div_factor=20
    )
    possible = [torch.from_numpy(p).float() for p in (tags.follows, tags.starts, tags.ends)]
    done = 0
    for _ in range(settings.epochs):
        network.train()
        order = chance.permutation(count)
        for first in range(0, count, settings.batch):
            chosen = order[first : first + settings.batch]
            loss = _loss(network, lesson, chosen, possible, chance)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            rise.step()
            done += 1
            if done % 4 == 0:
                average.update_parameters(network)
        yield average.module


def _loss(
    network: Network,
    lesson: Lesson,
    chosen: NDArray[np.int64],
    possible: Sequence[Tensor],
    chance: np.random.Generator,
) -> Tensor:
    gap = max(network.settings.dilations)
    characters, rows, texts = lay_out(lesson.bounds, chosen, gap)
    length = len(characters) + gap * (len(chosen) + 1)
    slots = np.zeros((length, lesson.slots.shape[1]), np.int64)
    slots[rows] = _hidden(lesson.slots[characters], texts, network.settings, chance)
    stands = np.zeros((length, 1), np.float32)
    stands[rows] = 1
    of_text = np.zeros(length, np.int64)
    of_text[rows] = texts
    np.maximum.accumulate(of_text, out=of_text)
    scores = network(*map(torch.from_numpy, (slots, stands, of_text)))[rows]
    factors = lesson.factors[chosen] / lesson.factors[chosen].sum()
    parts = (network.follows, network.starts, network.ends)
    chain = [part + might for part, might in zip(parts, possible, strict=True)]
    bounds = bounds_of(lesson.bounds, chosen)
    loss: Tensor = ChainLoss.apply(scores, *chain, lesson.allowed[characters], bounds, factors)
    return loss


def _hidden(
    slots: NDArray[np.int64],
    texts: NDArray[np.int64],
    settings: NerSettings,
    chance: np.random.Generator,
) -> NDArray[np.int64]:
    """Hide some letters, some pairs and the matches of some texts, so that none is relied on."""
    for slot, share in enumerate((1, 2, 2)):
        gone = chance.random(len(slots)) < share * settings.hide_letters
        slots[gone, slot] = UNSEEN
    plain = chance.random(int(texts[-1]) + 1) < settings.hide_gazetteers
    slots[plain[texts], 5:] = 0
    return slots
