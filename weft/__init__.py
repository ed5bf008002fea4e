"""The kernel of Weft: what every stage needs and none owns."""

__version__ = "0.1.0"
