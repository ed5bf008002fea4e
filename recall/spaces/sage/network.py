"""The network: SAGE convolutions over several kinds of edge (Hamilton et al. 2017).

Whole graph or drawn layers, it is the same function of the same arrays; only the rows differ.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric.nn import HeteroConv, SAGEConv

from graph.graph import Edges, Floats, turned
from graph.products import rows_of
from graph.sampling import Layer
from recall.spaces.sage.relations import Relations, means_of

Sparse = tuple[Tensor, Tensor]  # a matrix and the same turned round, for the way back
Sizes = Mapping[str, int]


@dataclass(frozen=True)
class Links:
    """What one layer gathers: a matrix for each kind of edge, and for how many nodes."""

    matrices: Mapping[str, Sparse]
    asked: Mapping[str, int]


@dataclass(frozen=True)
class Inputs:
    """What enters: nodes of each kind and their features; then the layers, deepest first."""

    nodes: Mapping[str, Tensor]
    crowds: Mapping[str, Tensor]  # log of 1 + how many neighbours  # (nodes, 1)
    features: Mapping[str, Sparse]
    layers: Sequence[Links]


@dataclass(frozen=True)
class Shape:
    """How large the network is and how it is fed."""

    dim: int
    layers: int
    ids: bool
    leak: float
    forget: float
    whole: bool


class Product(torch.autograd.Function):
    """A sparse matrix times a dense one; the gradient takes the turned matrix, made once."""

    @staticmethod
    def forward(context: Any, sparse: Sparse, x: Tensor) -> Tensor:
        """Multiply. # (rows, columns) @ (columns, dim)"""
        context.turned = sparse[1]
        return sparse[0] @ x

    @staticmethod
    def backward(context: Any, slope: Tensor) -> tuple[None, Tensor]:
        """Multiply by the turned matrix."""
        return None, context.turned @ slope


def product(sparse: Sparse, x: Tensor) -> Tensor:
    """Multiply, so that gradients come back."""
    return cast(Tensor, Product.apply(sparse, x))  # type: ignore[no-untyped-call]


def forgotten(rows: Tensor, share: float) -> Tensor:
    """Leave some rows out, so that nodes learn to do without."""
    if not share:
        return rows
    return rows * (torch.rand(len(rows), 1, device=rows.device) >= share)


class Gather(SAGEConv):  # type: ignore[misc]
    """PyG's layer; its mean is one product of prepared matrices, five times as fast going back."""

    def __init__(self, dim: int, sharing: int, forget: float) -> None:
        super().__init__(dim, dim, aggr="sum")
        self.forget = forget
        with torch.no_grad():
            self.lin_l.weight.copy_(torch.eye(dim) / sharing)
            self.lin_l.bias.zero_()
            self.lin_r.weight.zero_()

    def propagate(self, edge_index: Sparse, x: tuple[Tensor, Tensor], size: None = None) -> Tensor:
        """Give the weighted mean of neighbours; in training, some nodes have none for once."""
        return forgotten(product(edge_index, x[0]), self.forget if self.training else 0)


class Network(nn.Module):
    """Own vectors and features of nodes, layers of gathering, and the sum of all that came up."""

    def __init__(
        self, relations: Relations, sizes: Sizes, features: Mapping[str, Edges], shape: Shape
    ) -> None:
        super().__init__()
        self.shape = shape
        dim, kinds = shape.dim, relations.kinds()
        self.ids = _tables({k: sizes[k] for k in kinds if shape.ids}, dim, not shape.whole)
        self.features = {k: e.target for k, e in features.items() if k in kinds}
        self.tables = _tables(widths(features), dim)
        self.crowds = nn.ParameterDict({kind: torch.zeros(1, dim) for kind in kinds})
        self.enters = cast(
            dict[str, nn.Linear], nn.ModuleDict({kind: _through(dim) for kind in self.features})
        )
        self.sides = {name: (e.source, e.target) for name, e in relations.edges.items()}
        self.layers = cast(list[Any], nn.ModuleList(self._layer() for _ in range(shape.layers)))

    def forward(self, inputs: Inputs) -> dict[str, Tensor]:
        """Give what nodes asked for come to, not yet of length 1. # (asked, dim)"""
        now = {kind: self._enter(kind, inputs) for kind in inputs.nodes}
        total = dict(now)
        for depth, (layer, links) in enumerate(zip(self.layers, inputs.layers, strict=True)):
            pairs, matrices = {}, {}
            for name, (source, target) in self.sides.items():
                edge = (target, name, source)
                pairs[edge] = (now[target], now[source][: links.asked[source]])
                matrices[edge] = links.matrices[name]
            now = layer(pairs, matrices)
            if self.shape.leak < 1 and depth < len(self.layers) - 1:
                now = {k: nn.functional.leaky_relu(x, self.shape.leak) for k, x in now.items()}
            total = {kind: total[kind][: links.asked[kind]] + now[kind] for kind in now}
        return total

    def start(self, kind: str, places: Floats) -> None:
        """Put nodes where they begin, if they have vectors of their own. # (nodes, dim)"""
        if kind in self.ids:
            with torch.no_grad():
                self.ids[kind].weight.add_(torch.from_numpy(places))

    def arrays(self) -> dict[str, Floats]:
        """Give what was learned, by the names that placing knows."""
        out = {f"id.{kind}": _array(table.weight) for kind, table in self.ids.items()}
        out |= {f"crowd.{kind}": _array(crowd) for kind, crowd in self.crowds.items()}
        out |= {f"feature.{name}": _array(table.weight) for name, table in self.tables.items()}
        out |= {f"enter.{kind}": _array(enter.weight.T) for kind, enter in self.enters.items()}
        for depth, layer in enumerate(self.layers):
            for name, (source, target) in self.sides.items():
                conv = layer.convs[(target, name, source)]
                out[f"near.{depth}.{name}"] = _array(conv.lin_l.weight.T)
                for part, value in (("own", conv.lin_r.weight.T), ("bias", conv.lin_l.bias)):
                    key = f"{part}.{depth}.{source}"
                    out[key] = out[key] + _array(value) if key in out else _array(value)
        return out

    def _layer(self) -> HeteroConv:
        sources = [source for source, _ in self.sides.values()]
        return HeteroConv(
            {
                (target, name, source): Gather(
                    self.shape.dim, sources.count(source), self.shape.forget
                )
                for name, (source, target) in self.sides.items()
            }
        )

    def _enter(self, kind: str, inputs: Inputs) -> Tensor:
        nodes = inputs.nodes[kind]
        own: Tensor = inputs.crowds[kind] @ self.crowds[kind]
        if kind in self.ids:
            ids = self.ids[kind].weight if self.shape.whole else self.ids[kind](nodes)
            own = own + forgotten(ids, self.shape.forget if self.training else 0)
        if kind not in self.features:
            return own
        bags = product(inputs.features[kind], self.tables[self.features[kind]].weight)
        content: Tensor = self.enters[kind](bags)
        return own + content


def widths(features: Mapping[str, Edges]) -> dict[str, int]:
    """Count features of each kind, which kinds of node may share."""
    counts: dict[str, int] = {}
    for edges in features.values():
        most = int(edges.targets.max(initial=0)) + 1
        counts[edges.target] = max(most, counts.get(edges.target, 0))
    return counts


def whole_graph(relations: Relations, sizes: Sizes) -> Layer:
    """Give a layer in which every node gathers from all its neighbours."""
    nodes = {kind: np.arange(sizes[kind], dtype=np.int32) for kind in relations.kinds()}
    return Layer(nodes, {kind: len(some) for kind, some in nodes.items()}, relations.edges)


def inputs_of(
    layers: Sequence[Layer], relations: Relations, features: Mapping[str, Edges], device: str
) -> Inputs:
    """Make tensors of layers; a layer that comes several times is made once."""
    nodes, counts = layers[0].nodes, widths(features)
    rows = {k: rows_of(e, nodes[k]) for k, e in features.items() if k in nodes}
    bags = {k: sparse_of(e, counts[e.target], device) for k, e in rows.items()}
    made = {key: _links(layer, device) for key, layer in {id(x): x for x in layers}.items()}
    crowds = {kind: relations.crowds[kind][some] for kind, some in nodes.items()}
    return Inputs(
        {kind: torch.as_tensor(some, device=device) for kind, some in nodes.items()},
        {kind: torch.as_tensor(some, device=device) for kind, some in crowds.items()},
        bags,
        [made[id(layer)] for layer in layers],
    )


def sparse_of(edges: Edges, columns: int, device: str) -> Sparse:
    """Make a matrix of edges, and the same turned round."""
    back = turned(edges, columns)
    return _matrix(edges, columns, device), _matrix(back, len(edges.starts) - 1, device)


def _links(layer: Layer, device: str) -> Links:
    matrices = {
        name: sparse_of(
            means_of(edges, np.ones(len(layer.nodes[edges.target]), np.float32)),
            len(layer.nodes[edges.target]),
            device,
        )
        for name, edges in layer.links.items()
    }
    return Links(matrices, layer.asked)


def _matrix(edges: Edges, columns: int, device: str) -> Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says at the first one that they are in beta
        made = torch.sparse_csr_tensor(
            torch.from_numpy(edges.starts.astype(np.int32)),
            torch.from_numpy(edges.targets),
            torch.from_numpy(edges.weights),
            (len(edges.starts) - 1, columns),
        )
    return made.to(device)


def _tables(rows: Mapping[str, int], dim: int, sparse: bool = False) -> dict[str, nn.Embedding]:
    tables = {name: nn.Embedding(count, dim, sparse=sparse) for name, count in rows.items()}
    for table in tables.values():
        nn.init.normal_(table.weight, std=0.1)
    return cast(dict[str, nn.Embedding], nn.ModuleDict(tables))


def _through(dim: int) -> nn.Linear:
    enter = nn.Linear(dim, dim, bias=False)
    nn.init.eye_(enter.weight)
    return enter


def _array(value: Tensor) -> Floats:
    array: Floats = value.detach().cpu().numpy().copy()
    return array
