"""Tests of `constraints.py`."""
