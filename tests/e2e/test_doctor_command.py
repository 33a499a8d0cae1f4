"""`wxbot doctor` from the command line: a real Redis, the stand-in for WeChat, a real process behind the address."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.e2e.processes import START_S, Deployment, Newcomer, await_true
from wxbot.entrypoints.cli import cli
from wxbot.entrypoints.rehearsal import running
from wxbot.sandbox.platform import Platform

TOKEN, KEY = "token4wxbot2026x", "kWxb0tAesKeyForTestsOnly0123456789abcdefghA"


@dataclass
class Terminal:
    """An engineer at a terminal, with an account in the environment."""

    folder: Path
    platform: Platform

    def runs(self, *words: str) -> Result:
        return CliRunner().invoke(cli, ["--content", str(self.folder), *words])

    def doctor(self, *words: str) -> Result:
        return self.runs("doctor", *words)

    def found(self, *words: str) -> dict[str, dict]:
        """The last finding of each check."""
        lines = self.doctor("--json", *words).output.splitlines()
        return {finding["check"]: finding for finding in map(json.loads, lines)}


@pytest.fixture
def terminal(tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("WECHAT_TOKEN", TOKEN)
    monkeypatch.setenv("WECHAT_AES_KEY", KEY)
    (tmp_path / "menus.yaml").write_text("version: 1\n", encoding="utf-8")
    return Terminal(tmp_path, platform)


def test_faults_are_marked_with_their_cure_and_end_with_exit_code_one(terminal):
    terminal.platform.faults.refuse("cgi-bin/stable_token", 40243, times=9)

    result = terminal.doctor()

    assert result.exit_code == 1
    assert "✗ 密钥：stable_token：AppSecret 已被冻结（错误码 40243" in result.output
    assert "解冻" in result.output
    assert "! 底部菜单：没有检查。先解决「密钥」，再检查一次" in result.output
    assert "✗ 后台任务：没有正在运行的 worker" in result.output


def test_every_finding_is_a_line_of_json(terminal):
    terminal.platform.faults.refuse("cgi-bin/customservice/getkflist", 65400)

    found = terminal.found()

    assert found["密钥"]["mark"] == "fine"
    assert (found["人工客服"]["mark"], found["人工客服"]["code"]) == ("fault", 65400)
    assert {"check", "mark", "text", "cure", "page", "code"} == found["人工客服"].keys()


def test_a_variable_that_is_wrong_keeps_nothing_else_from_being_checked(terminal, monkeypatch):
    monkeypatch.setenv("SMTP_URL", "nonsense-password")
    monkeypatch.setenv("NOTICE_EMAIL_TO", "a@example.com")

    result = terminal.doctor()

    assert "✗ 设置：环境变量 SMTP_URL 不能用" in result.output
    assert "✓ 密钥" in result.output
    assert "nonsense" not in result.output


def test_a_redis_that_is_away_is_one_fault_among_good_news(terminal, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")

    found = terminal.found()

    assert found["Redis"]["mark"] == "fault"
    assert found["后台任务"]["text"] == "没有检查"
    assert found["密钥"]["mark"] == "fine"


def test_where_content_is_published_the_live_version_is_examined(terminal, monkeypatch):
    monkeypatch.setenv("WXBOT_CONTENT", "published")
    assert "! 内容：还没有发布过内容" in terminal.doctor().output
    assert terminal.runs("publish", "--yes").exit_code == 0
    (terminal.folder / "menus.yaml").write_text("version: 1\nhuman: {enabled: false}\n", encoding="utf-8")

    told = terminal.doctor().output

    assert "! 内容：本地文件还有没发布的修改。运行 wxbot publish" in told
    assert "✓ 内容：线上的版本 1 有 0 条答案，没有错误" in told
    assert "! 进程的内容：没有按发布版本运行的进程" in told
    assert "没有人工客服，不用检查" not in told


def test_a_page_and_a_media_store_that_cannot_work_are_told(terminal, monkeypatch):
    monkeypatch.setenv("WXBOT_PUBLIC_URL", "https://bot.example.com")
    monkeypatch.setenv("WXBOT_MEDIA", "nosuch://bucket")

    found = terminal.found()

    assert "SECRET_KEY" in found["设置"]["text"]
    assert found["媒体存储"]["mark"] == "fault"


def test_an_address_with_a_bracket_too_many_is_incomplete(terminal):
    told = terminal.doctor("--url", "http://[abc/wechat").output

    assert "✗ 消息接口：网址不完整" in told
    assert "! 网页进程：没有检查" in told


def test_no_secret_is_printed(terminal):
    terminal.platform.faults.refuse("", 40001, times=99)

    shown = terminal.doctor("--url", f"{terminal.platform.url}/wechat").output

    for secret in (TOKEN, KEY, terminal.platform.tokens.secret, *terminal.platform.tokens.issued):
        assert secret not in shown


def test_a_deployment_in_order_has_no_faults(deploy):
    deployment: Deployment = deploy()
    web, _ = deployment.serve(), deployment.start("worker")
    deployment.door.hires("kf2001@shop")
    deployment.publish_menu()

    await_true(lambda: "1 个 worker 在运行" in deployment.run("doctor").stdout, START_S)
    result = deployment.run("doctor", "--url", web.webhook)

    assert "✗" not in result.stdout
    assert "✓ 消息接口：网址能访问，验证通过" in result.stdout
    assert "✓ 底部菜单" in result.stdout
    assert result.returncode == 0


def test_the_rehearsal_is_examined_where_no_account_is_configured(home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rehearsal")
    (folder / "menus.yaml").write_text("version: 1\nmenu: [{name: 常见问题, action: browse}]\n", encoding="utf-8")
    newcomer = Newcomer(home, folder, folder)
    newcomer.start("demo", "--port", "0", "--no-browser")
    try:
        await_true(lambda: running(newcomer.data) is not None, START_S)
        await_true(lambda: newcomer.run("doctor").returncode == 0, START_S)
        result = newcomer.run("doctor")
    finally:
        newcomer.stop()

    assert "不是真实的公众号" in result.stdout
    assert "✓ 消息接口" in result.stdout
    assert "✓ 后台任务" in result.stdout
