"""Which variables `load_settings` reads, found out by letting it."""

from wxbot.settings import load_settings


class _Asked(dict[str, str]):
    """An empty environment that remembers what it was asked for."""

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self[name] = ""
        return default


def names_read(*, files: bool) -> frozenset[str]:
    """files: with every `NAME_FILE`, too."""
    asked = _Asked()
    load_settings(asked)
    return frozenset(name for name in asked if files or not name.endswith("_FILE"))
