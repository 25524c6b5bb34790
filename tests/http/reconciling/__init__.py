"""Tests of the reconciliation service."""
