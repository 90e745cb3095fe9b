"""The version, a literal: a vendored copy has no metadata to ask."""

__version__ = "0.1.0"
