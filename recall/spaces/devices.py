"""Where torch computes."""

import torch


def device_of(asked: str) -> str:
    """Give the device that is asked for; `auto` is a GPU where there is one."""
    if asked != "auto":
        return asked
    return "cuda" if torch.cuda.is_available() else "cpu"
