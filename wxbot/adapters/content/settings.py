"""Single settings of menus.yaml, written where they belong; every byte around them stays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from wxbot.adapters.content.editing import EditRefused, data_of
from wxbot.adapters.content.files import MENUS, Source
from wxbot.adapters.content.marks import Marked, Splice, column_of, piece_of
from wxbot.adapters.content.pieces import dumped, field_lines

Settings = Mapping[str, Mapping[str, Any]]
"""By section and key, such as {"welcome": {"text": "您好"}}: texts, lists of texts, and lists of mappings."""


def written_settings(folder: Path) -> Mapping[str, Any]:
    """What menus.yaml says, as plain data. Raises ContentError."""
    source = Source(MENUS, folder / MENUS)
    data = data_of(source, source.path.read_bytes().decode("utf-8"))
    return data if isinstance(data, dict) else {}


def with_settings(text: str, settings: Settings) -> str:
    """
    The text of menus.yaml with these settings. A text takes the place of what was said before, a list of texts goes on.

    Raises:
        EditRefused: a section is built in a way that nothing can be put in.
    """
    for section, values in settings.items():
        for name, value in values.items():
            page = _Settings(text)
            text = page.spliced(page.with_setting(section, name, value))
    return text


class _Settings(Marked):
    def with_setting(self, section: str, name: str, value: Any) -> list[Splice]:
        found = piece_of(self._root, section)
        if found is None:
            lines = ["", f"{section}:", *field_lines(name, value, 2, brackets=False)]
            return [self._below(self._root, lines)]
        if not isinstance(found, yaml.MappingNode):
            raise EditRefused(f"{MENUS} 里 {section} 的写法没法自动修改，请手工改")
        piece = piece_of(found, name)
        if isinstance(piece, yaml.ScalarNode) and isinstance(value, str):
            return self._with_text(found, name, piece, value)
        if isinstance(piece, yaml.SequenceNode) and isinstance(value, list) and isinstance(value[0], str):
            return [self._with_more(piece, value)]
        if piece is not None:
            raise EditRefused(f"{MENUS} 里 {section} 已经有 {name}，请手工改")
        return [self._added(found, name, value)]

    def _added(self, section: yaml.MappingNode, name: str, value: Any) -> Splice:
        """A key that was not there, as the first one: options and scenes may be long."""
        if not section.flow_style:
            first = section.value[0][0]
            lines = field_lines(name, value, column_of(section), brackets=False)
            at = self._line_start(int(first.start_mark.index))
            return self._inserted(at, "".join(line + self._newline for line in lines))
        written = dumped({name: value}, flow=True).strip()[1:-1]
        at = int(section.start_mark.index) + 1
        return self._inserted(at, f"{written}, " if section.value else written)
