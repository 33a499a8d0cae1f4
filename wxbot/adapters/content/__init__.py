"""Operators' YAML files → one validated, frozen `Script`, or every problem at once with its place."""

from wxbot.adapters.content.files import fingerprint, watched
from wxbot.adapters.content.folder import ContentFolder, KeptContent, load_snapshot, spread, write
from wxbot.adapters.content.labelled import read_labelled
from wxbot.adapters.content.loading import Examined, examine, load
from wxbot.adapters.content.schema import schemas
from wxbot.service.ports import Loaded

__all__ = [
    "ContentFolder",
    "Examined",
    "KeptContent",
    "Loaded",
    "examine",
    "fingerprint",
    "load",
    "load_snapshot",
    "read_labelled",
    "schemas",
    "spread",
    "watched",
    "write",
]
