"""The kinds of space that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from recall.spaces.deepwalk import DeepWalk
from recall.spaces.dssm import DSSM
from recall.spaces.graphsage import GraphSAGE
from recall.spaces.item2vec import Item2Vec
from recall.spaces.lightgcn import LightGCN
from recall.spaces.linear import Linear
from recall.spaces.metapath2vec import MetaPath2Vec
from recall.spaces.multi_interest import MultiInterest
from recall.spaces.node2vec import Node2Vec
from recall.spaces.youtube import YouTube

AnySpace = Annotated[
    Linear
    | LightGCN
    | GraphSAGE
    | Item2Vec
    | DeepWalk
    | Node2Vec
    | MetaPath2Vec
    | YouTube
    | DSSM
    | MultiInterest,
    Field(discriminator="type"),
]
SpaceKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
