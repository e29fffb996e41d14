"""The version of the program, as every result records it."""

__version__ = "0.1.0"
