"""Migration Policy Graph: position papers in, verifiable linked data out."""

__version__ = "0.1.0"
