"""Taking a menu over changes the menu sections of menus.yaml and nothing else."""

import json
import stat

import pytest
import yaml

from wxbot.adapters.menu_files import MenuBackups, menu_yaml, write_menu
from wxbot.domain.action import Action
from wxbot.domain.menu import Button, ConditionalMenu, Menu
from wxbot.service.live_menu import Live
from wxbot.service.menus import Backup, MenuRefused

LINK = Button("on", Action("url", "https://example.com/a#b?c=1, d"))
MENU = Menu(
    (Button("自助", items=(LINK, Button("问", Action("browse")))),),
    (ConditionalMenu((Button("内测", Action("human"), key="OLD"),), tag_id="101", client="ios"),),
)
SECTIONS = """\
menu:
  - name: 自助
    items:
      - {name: 'on', action: 'url:https://example.com/a#b?c=1, d'}
      - {name: 问, action: browse}
conditional_menus:
  - match: {tag: '101', client: ios}
    menu:
      - {name: 内测, action: human, key: OLD}
"""

BEFORE = """\
# 说明
version: 1   # 版本
menu:        # 底部菜单
  - name: x
    items:
      - {name: a, action: browse}  # 旧的

# 服务时间
hours:
  weekly: {周一: 9:00-12:00}
  closed: [2027-01-01]
conditional_menus: []

# 文案
texts:
  more_hint: "  回复「继续」  "
"""


def test_a_menu_is_written_as_operators_write_it():
    assert menu_yaml(MENU) == SECTIONS


def test_everything_outside_the_menu_stays_byte_for_byte(tmp_path):
    path = tmp_path / "menus.yaml"
    path.write_text(BEFORE, encoding="utf-8")

    write_menu(path, MENU)

    menu, _, conditional = SECTIONS.partition("conditional_menus")
    old_menu = BEFORE[BEFORE.index("menu: ") : BEFORE.index("\n# 服务时间")]
    expected = BEFORE.replace(old_menu, menu).replace("conditional_menus: []\n", f"conditional_menus{conditional}")
    assert path.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("before", ["version: 1", "version: 1\n", "\ufeffversion: 1\r\n"])
def test_missing_sections_are_added_at_the_end(tmp_path, before):
    path = tmp_path / "menus.yaml"
    path.write_bytes(before.encode())

    write_menu(path, MENU)

    written = path.read_bytes().decode()
    assert written.startswith(before)
    assert yaml.safe_load(written) == {"version": 1, **yaml.safe_load(SECTIONS)}


def test_windows_line_ends_stay(tmp_path):
    path = tmp_path / "menus.yaml"
    path.write_bytes(BEFORE.replace("\n", "\r\n").encode())

    write_menu(path, MENU)

    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_a_section_that_is_gone_is_removed(tmp_path):
    path = tmp_path / "menus.yaml"
    path.write_text(BEFORE, encoding="utf-8")

    write_menu(path, Menu(MENU.buttons))

    assert "conditional_menus" not in path.read_text(encoding="utf-8")


def test_a_section_that_is_kept_keeps_its_comments(tmp_path):
    path = tmp_path / "menus.yaml"
    path.write_text(BEFORE, encoding="utf-8")

    write_menu(path, MENU, keep=["menu"])

    assert "# 旧的" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("before", ["{version: 1, menu: []}", "version: 1\nmenu: &m []\nother: *m\n", "- 1\n", "a: ["])
def test_a_file_that_cannot_be_mended_safely_is_left_alone(tmp_path, before):
    path = tmp_path / "menus.yaml"
    path.write_text(before, encoding="utf-8")

    with pytest.raises(MenuRefused, match="手工改"):
        write_menu(path, MENU)

    assert path.read_text(encoding="utf-8") == before


def test_a_written_file_keeps_its_mode_and_leaves_nothing_beside(tmp_path):
    path = tmp_path / "menus.yaml"
    path.write_text(BEFORE, encoding="utf-8")
    path.chmod(0o640)

    write_menu(path, MENU)

    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_backup_comes_back_as_it_was_saved(tmp_path):
    backups = MenuBackups(tmp_path / "menus")
    backup = Backup(1_767_225_600, Live({"menu": {"button": [{"name": "问"}]}}, {"is_menu_open": 1}))

    name = backups.save(backup)

    assert (name, backups.load(name)) == ("20260101-080000", backup)
    assert "问" in (tmp_path / "menus" / f"{name}.json").read_text(encoding="utf-8")


def test_two_backups_of_one_second_are_two(tmp_path):
    backups = MenuBackups(tmp_path)

    names = [backups.save(Backup(0, Live(None, {"number": number}))) for number in range(2)]

    assert backups.names() == names[::-1]
    assert [json.loads((tmp_path / f"{name}.json").read_text())["current"]["number"] for name in names] == [0, 1]
