"""Training: samples in, a model out; the same seed makes the same model."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from nlp.ner.averaging import EVERY, Average
from nlp.ner.chain_loss import chain_loss
from nlp.ner.evaluation import evaluate
from nlp.ner.features import Features, learn_features
from nlp.ner.freezing import frozen
from nlp.ner.lessons import Batch, batch_of, lesson_of
from nlp.ner.model import NerModel
from nlp.ner.network import Network
from nlp.ner.samples import Sample
from nlp.ner.settings import NerSettings
from nlp.ner.swapping import pools_of, swapped
from nlp.ner.tags import Tags, tags_of
from nlp.ner.warming import warmed

RISE, START = 0.1, 0.04
Gazetteers = Mapping[str, Sequence[str]]


def train(
    samples: Sequence[Sample],
    settings: NerSettings,
    gazetteers: Gazetteers,
    held_out: Sequence[Sample] = (),
) -> NerModel:
    """Learn from samples; of the moments after each epoch the best on `held_out` is kept."""
    samples = [sample for sample in samples if sample.text and sample.weight > 0]
    tags = tags_of(samples)
    features = learn_features([s.text for s in samples], gazetteers, settings.rare_pairs)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = Network(features.sizes, len(tags), settings)
        best, model = -1.0, frozen(network, features, tags, settings)
        for average in _epochs(network, samples, features, tags):
            now = frozen(average, features, tags, settings)
            quality = evaluate(held_out, now.find([s.text for s in held_out])).overall.f1
            if quality >= best:
                best, model = quality, now
    return warmed(model, held_out)


def _epochs(
    network: Network, samples: Sequence[Sample], features: Features, tags: Tags
) -> Iterator[Network]:
    """Train epoch by epoch; yield the running average of the network after each."""
    settings = network.settings
    chance = np.random.default_rng(settings.seed)
    average = Average(network, settings.averaging)
    pools = pools_of(samples, features.gazetteers)
    steps = -(-len(samples) // settings.batch)
    optimizer, pace = _optimizer(network, steps)
    possible = [torch.from_numpy(p).float() for p in (tags.follows, tags.starts, tags.ends)]
    for _ in range(settings.epochs):
        lesson = lesson_of(swapped(samples, pools, settings.swap, chance), features, tags)
        order = chance.permutation(len(samples))
        network.train()
        for step in range(steps):
            chosen = order[step * settings.batch : (step + 1) * settings.batch]
            loss = _loss(network, batch_of(lesson, chosen, settings, chance), possible)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            pace.step()
            if step % EVERY == 0:
                average.follow()
        yield average.network


def _optimizer(network: Network, steps: int) -> tuple[AdamW, LambdaLR]:
    """AdamW whose rate rises for a tenth of the way and then falls (Smith 2018)."""
    settings = network.settings
    optimizer = AdamW(
        network.parameters(),
        lr=settings.learning_rate,
        weight_decay=settings.weight_decay,
        betas=(0.9, 0.99),
        fused=True,
    )
    return optimizer, LambdaLR(optimizer, lambda step: _pace(step / (steps * settings.epochs)))


def _pace(way: float) -> float:
    """The share of the learning rate at this share of the way."""
    if way < RISE:
        return START + (1 - START) * way / RISE
    return 0.5 + 0.5 * math.cos(math.pi * (way - RISE) / (1 - RISE))


def _loss(network: Network, batch: Batch, possible: Sequence[Tensor]) -> Tensor:
    seen = map(torch.from_numpy, (batch.slots, batch.stands, batch.texts))
    scores = network(*seen)[batch.rows]  # (characters, tags)
    parts = (network.follows, network.starts, network.ends)
    chain = [part + might for part, might in zip(parts, possible, strict=True)]
    return chain_loss(scores, chain, batch.allowed, batch.bounds, batch.factors)
