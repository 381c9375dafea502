"""The parts of `docs/list_factors.py`."""
