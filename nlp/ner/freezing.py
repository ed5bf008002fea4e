"""From a network in training to a model that serves."""

import numpy as np
import torch
from torch import Tensor

from nlp.compiled import Floats
from nlp.ner.chain import Chain
from nlp.ner.features import Features
from nlp.ner.model import NerModel
from nlp.ner.network import Network, slot_widths
from nlp.ner.scoring import Layer, Scorer
from nlp.ner.settings import NerSettings
from nlp.ner.tags import Tags


def frozen(network: Network, features: Features, tags: Tags, settings: NerSettings) -> NerModel:
    """Take the numbers out of a network."""
    chain = Chain(*(getattr(network, part).detach().double().numpy() for part in Chain._fields))
    return NerModel(settings, tags, features, _scorer(network), chain)


@torch.no_grad()
def _scorer(network: Network) -> Scorer:
    """Multiply embeddings by the first layer; the first slot carries its bias."""
    widths = slot_widths(len(network.slots), network.settings)
    first = torch.split(network.enter.weight, widths, 1)
    weights = list(network.slots.parameters())
    tables = [slot @ part.T for slot, part in zip(weights, first, strict=True)]
    tables[0] = tables[0] + network.enter.bias
    sizes = [len(table) for table in tables]
    return Scorer(
        tables=_matrix(torch.cat(tables)),
        firsts=np.cumsum([0, *sizes[:-1]]),
        layers=tuple(_layer(network, k) for k in range(len(network.layers))),
        leave=_matrix(network.leave.weight.T),
        leave_bias=_matrix(network.leave.bias),
    )


def _layer(network: Network, number: int) -> Layer:
    scale, shift = network.norms[number].parameters()
    products, bias = network.layers[number].parameters()
    return Layer(
        scale=_matrix(scale),
        shift=_matrix(shift),
        products=_matrix(products.T),
        bias=_matrix(bias),
        dilation=network.settings.dilations[number],
    )


def _matrix(values: Tensor) -> Floats:
    """A copy of its own, so that training may go on."""
    return np.ascontiguousarray(values.detach().numpy()).copy()
