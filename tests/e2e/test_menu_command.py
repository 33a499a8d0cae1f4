"""`wxbot menu` from the command line to the stand-in for WeChat, with a real Redis for the token."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wxbot.entrypoints.cli import cli
from wxbot.sandbox.platform import Platform

MENUS = """\
version: 1
# 底部菜单
menu:
  - name: 自助服务
    items:
      - {name: 常见问题, action: browse}
      - {name: 官网, action: "url:https://www.example.com/"}
  - {name: 人工客服, action: human}
# 其余
conditional_menus:
  - match: {tag: "101", client: ios}
    menu:
      - {name: 内测, action: phones}
"""


@dataclass
class Terminal:
    """An operator at a terminal, in a folder with a menus.yaml."""

    folder: Path
    platform: Platform

    def menu(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["--content", str(self.folder), "menu", *words], input=typed)

    @property
    def file(self) -> Path:
        return self.folder / "menus.yaml"


@pytest.fixture
def terminal(tmp_path: Path, platform: Platform) -> Terminal:
    (tmp_path / "menus.yaml").write_text(MENUS, encoding="utf-8")
    return Terminal(tmp_path, platform)


def test_show_draws_the_menu_without_calling_wechat(terminal):
    result = terminal.menu("show")

    assert result.exit_code == 0
    assert "│  ├─ 常见问题：列出问题分类" in result.output
    assert terminal.platform.calls == []


def test_show_gives_the_json_that_wechat_takes(terminal):
    shown = json.loads(terminal.menu("show", "--json").output)

    assert shown["button"][1] == {"type": "click", "name": "人工客服", "key": "human"}
    assert shown["conditional"][0]["matchrule"] == {"tag_id": "101", "client_platform_type": "1"}


def test_diff_exits_with_1_until_the_menu_is_published(terminal):
    before = terminal.menu("diff")
    pushed = terminal.menu("push", "--yes")
    after = terminal.menu("diff")

    assert [before.exit_code, pushed.exit_code, after.exit_code] == [1, 0, 0]
    assert "+  人工客服 → 点击 human" in before.output
    assert "取消关注再关注" in pushed.output
    assert "一致" in after.output


def test_diff_speaks_json(terminal):
    difference = json.loads(terminal.menu("diff", "--json").output)

    assert difference["same"] is False
    assert difference["lines"]


def test_push_shows_the_difference_and_asks_first(terminal):
    refused = terminal.menu("push", typed="n\n")

    assert refused.exit_code == 1
    assert "+  人工客服" in refused.output
    assert terminal.platform.menus.default is None


def test_push_again_has_nothing_to_do(terminal):
    terminal.menu("push", "--yes")

    again = terminal.menu("push")

    assert (again.exit_code, "一致" in again.output) == (0, True)


def test_push_on_an_unverified_account_is_refused_with_the_reason(terminal):
    terminal.file.write_text(MENUS + "account: {type: 未认证}\n", encoding="utf-8")

    refused = terminal.menu("push", "--yes")

    assert (refused.exit_code, terminal.platform.calls) == (1, [])
    assert "48001" in refused.output


def test_rollback_brings_back_what_was_there(terminal):
    terminal.menu("push", "--yes")
    terminal.file.write_text("version: 1\nmenu: [{name: 新, action: browse}]\n", encoding="utf-8")
    terminal.menu("push", "--yes")

    result = terminal.menu("rollback", "--yes")

    assert result.exit_code == 0
    assert terminal.platform.menus.default[1]["key"] == "human"
    assert len(terminal.menu("rollback", "--list").output.split()) == 3


def test_rollback_without_backups_says_so(terminal):
    assert "还没有备份" in terminal.menu("rollback", "--list").output

    refused = terminal.menu("rollback", "--yes")

    assert (refused.exit_code, "还没有备份" in refused.output) == (1, True)


def test_pull_prints_and_writes_only_when_asked(terminal):
    terminal.platform.menus.default = [{"type": "click", "name": "客服", "key": "V1001"}]

    printed = terminal.menu("pull")
    untouched = terminal.file.read_text(encoding="utf-8")
    written = terminal.menu("pull", "--write")

    assert "{name: 客服, action: browse, key: V1001}" in printed.output
    assert "V1001" in written.output
    assert untouched == MENUS
    assert terminal.file.read_text(encoding="utf-8") == (
        "version: 1\n# 底部菜单\nmenu:\n  - {name: 客服, action: browse, key: V1001}\n# 其余\n"
    )


def test_what_was_written_by_pull_is_what_is_live(terminal):
    terminal.menu("push", "--yes")
    terminal.file.write_text("version: 1\n", encoding="utf-8")
    terminal.menu("pull", "--write")

    assert terminal.menu("diff").exit_code == 0
    assert "没有改动" in terminal.menu("pull", "--write").output


def test_pull_without_a_menu_changes_nothing(terminal):
    assert "没有菜单" in terminal.menu("pull", "--write").output
    assert terminal.file.read_text(encoding="utf-8") == MENUS
