"""Guards against queries that are too large to be meant."""

from strawberry.extensions import (
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)

DEPTH = 12
ALIASES = 30
TOKENS = 2_000


def depth() -> SchemaExtension:
    """Limit how deep fields may be nested."""
    return QueryDepthLimiter(max_depth=DEPTH)


def aliases() -> SchemaExtension:
    """Limit how often fields may be renamed, and so repeated."""
    return MaxAliasesLimiter(max_alias_count=ALIASES)


def tokens() -> SchemaExtension:
    """Limit how long a query may be."""
    return MaxTokensLimiter(max_token_count=TOKENS)


GUARDS = (tokens, depth, aliases)
