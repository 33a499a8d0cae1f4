"""Menus on disk: backups of what was live, and the menu section of the operators' `menus.yaml`."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from wxbot.domain.menu import Button, ConditionalMenu, Menu
from wxbot.service.live_menu import Live
from wxbot.service.menus import Backup, MenuRefused


@dataclass(frozen=True, slots=True)
class MenuBackups:
    """`Backups`: one JSON file each in `folder`, named by its time in `zone`. Keep a folder for each account."""

    folder: Path
    zone: str = "Asia/Shanghai"

    def save(self, backup: Backup) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = datetime.fromtimestamp(backup.at, ZoneInfo(self.zone)).strftime("%Y%m%d-%H%M%S")
        names = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
        name = next(name for name in names if not self._path(name).exists())
        content = {"at": backup.at, "created": backup.live.created, "current": backup.live.current}
        _write(self._path(name), json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        return name

    def names(self) -> list[str]:
        return sorted((path.stem for path in self.folder.glob("*.json")), reverse=True)

    def load(self, name: str) -> Backup:
        if name not in self.names():
            raise MenuRefused(f"没有名为 {name} 的备份，用 wxbot menu rollback --list 查看有哪些")
        try:
            content = json.loads(self._path(name).read_text(encoding="utf-8"))
            return Backup(content["at"], Live(content["created"], content["current"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise MenuRefused(f"备份 {name} 读不出来，文件可能损坏：{self._path(name)}") from None

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def menu_yaml(menu: Menu) -> str:
    """The `menu:` and `conditional_menus:` sections as operators write them; '' for an empty menu."""
    return "".join(_section(name, value) for name, value in _sections(menu).items() if value)


def write_menu(path: Path, menu: Menu, *, keep: Sequence[str] = ()) -> None:
    """
    Put the menu into an operators' file; every byte outside its two sections stays.

    Args:
        keep: sections that say the same already and are left alone, with the comments inside them.

    Raises:
        MenuRefused: the file is built in a way that a section of it cannot be replaced; nothing was written.
    """
    _write(path.resolve(), with_menu(path.read_bytes().decode("utf-8"), menu, keep=keep))


def with_menu(text: str, menu: Menu, *, keep: Sequence[str] = ()) -> str:
    """The text of that file with the menu in it; as for `write_menu`."""
    for name, value in _sections(menu).items():
        if name not in keep:
            text = _replaced(text, name, _section(name, value) if value else "")
    return text


def _sections(menu: Menu) -> dict[str, Any]:
    return {
        "menu": [_plain(button) for button in menu.buttons],
        "conditional_menus": [_plain_conditional(conditional) for conditional in menu.conditional],
    }


def _plain_conditional(menu: ConditionalMenu) -> dict[str, Any]:
    match = {"tag": menu.tag_id, "client": menu.client}
    return {
        "match": {name: value for name, value in match.items() if value},
        "menu": [_plain(button) for button in menu.buttons],
    }


def _plain(button: Button) -> dict[str, Any]:
    if button.items:
        return {"name": button.name, "items": [_plain(item) for item in button.items]}
    if button.material:
        kind, identifier = button.material
        return {"name": button.name, kind: identifier}
    fields = {
        "name": button.name,
        "action": str(button.action or ""),
        "tap": "" if button.tap == "click" else button.tap,
        "key": button.key,
        "fallback": button.fallback,
    }
    return {name: value for name, value in fields.items() if value}


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # lists stand under their key, indented


def _section(name: str, value: Any) -> str:
    # PyYAML reads these files too, so what it writes plain it will not read as something else (`on`, `9:00`).
    return yaml.dump(
        {name: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000, default_flow_style=None
    )


def _replaced(text: str, name: str, section: str) -> str:
    """The text with one top-level section replaced, appended when it is missing, or removed for ''."""
    found = _place(text, name)
    newline = "\r\n" if "\r\n" in text else "\n"
    section = section.replace("\n", newline)
    if found:
        start, end = found
        changed = text[:start] + section + text[end:]
    elif section:
        gap = newline if text.endswith("\n") or not text else newline * 2
        changed = text + gap + section
    else:
        return text
    _root(changed)
    return changed


def _place(text: str, name: str) -> tuple[int, int] | None:
    """Where a top-level section stands: from its key to the end of its last line, without comments that follow."""
    for key, value in _root(text).value:
        if key.value == name:
            newline = text.find("\n", _end(value))
            return key.start_mark.index, len(text) if newline < 0 else newline + 1
    return None


def _end(node: yaml.Node) -> int:
    """Where its last word ends; a block collection's own mark lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, yaml.MappingNode) else last)
    return int(node.end_mark.index)


def _root(text: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        raise MenuRefused("menus.yaml 的写法没法自动修改（菜单里的锚点在别处被引用？），请手工改") from None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise MenuRefused("menus.yaml 最外层写在一对花括号里，没法自动修改，请手工改")
    return root


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(text.encode("utf-8"))
    if path.exists():
        shutil.copymode(path, fresh)
    os.replace(fresh, path)
