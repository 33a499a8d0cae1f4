"""Takes the README's picture of the page into docs/: `python -m tests.browser.screenshot`."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.browsers import chromium
from tests.browser.rehearsal_page import Rehearsal, window
from tests.e2e.processes import REPOSITORY, START_S, Newcomer, await_true
from wxbot.entrypoints.rehearsal import running

PICTURE = REPOSITORY / "docs/screenshot.png"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        newcomer = Newcomer(Path(folder), Path(folder), always_open(Path(folder) / "content"))
        try:
            newcomer.start("demo", "--port", "0", "--no-browser")
            await_true(lambda: running(newcomer.data) is not None, START_S)
            address = running(newcomer.data)
            assert address
            with chromium() as browser:
                context, rehearsal = window(browser, address.platform, 1440, bot=address.bot)
                a_busy_morning(rehearsal.open())
                rehearsal.page.screenshot(path=PICTURE)
                context.close()
        finally:
            newcomer.stop()


def always_open(folder: Path) -> Path:
    """The shipped content, with agents there at whatever hour the picture is taken."""
    shutil.copytree(REPOSITORY / "answers", folder / "answers")
    menus = (REPOSITORY / "menus.yaml").read_text(encoding="utf-8")
    before, hours, after = menus.partition("\nhours:\n")
    end = after.index("\n# ——")
    always = "  timezone: Asia/Shanghai\n  weekly: {每天: 0:00-24:00}\n"
    (folder / "menus.yaml").write_text(before + hours + always + after[end:], encoding="utf-8")
    return folder


def a_busy_morning(rehearsal: Rehearsal) -> None:
    """One follower talks with an agent, another waits."""
    rehearsal.follow()
    rehearsal.choose("会员服务", "开发票")
    rehearsal.say("退款多久到账")
    rehearsal.go_online("小美")
    rehearsal.say("转人工")
    rehearsal.accept("小林")
    rehearsal.at("#new-person").click()
    rehearsal.follow()
    rehearsal.say("忘记密码了怎么办")
    rehearsal.say("人工客服")
    rehearsal.at(".person").filter(has_text="小林").click()
    rehearsal.answer("您好，我是小美。您的退款今天上午已经提交，预计两个工作日内到账。")
    rehearsal.say("好的，谢谢！那发票还能开吗？", answers=0)
    rehearsal.answer("可以的，在「会员中心 → 订单」里申请，一个工作日内发到邮箱。")
    rehearsal.go_online("小刚")
    rehearsal.at("#tour-close").click()
    rehearsal.at("#to-menu").click()
    rehearsal.wire.filter(has_text="转客服").first.locator(".wire-line").click()
    rehearsal.at("h1").click()
    expect(rehearsal.heard).to_contain_text("发到邮箱")
    expect(rehearsal.at("#toast")).to_be_hidden()


if __name__ == "__main__":
    main()
