"""The version of the software, which is part of every entity tag."""

__version__ = "0.1.0"
