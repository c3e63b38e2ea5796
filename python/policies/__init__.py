"""Judges policies with Z3; a second reading beside the embedded one. Used by `constraints.py`."""
