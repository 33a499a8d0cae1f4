"""Operators' YAML files → one validated, frozen `Script`, or every problem at once with its place."""

from wxbot.adapters.content.files import fingerprint
from wxbot.adapters.content.labelled import read_labelled
from wxbot.adapters.content.loading import Examined, examine, load
from wxbot.adapters.content.schema import schemas
from wxbot.service.ports import Loaded

__all__ = ["Examined", "Loaded", "examine", "fingerprint", "load", "read_labelled", "schemas"]
