"""What the owner of the account changes on the page, on a desk and on a phone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.rehearsal_page import Rehearsal, SideDoor


@pytest.fixture(params=[1440, 390])
def page(request: pytest.FixtureRequest, opened: Callable[[int], Rehearsal], door: SideDoor) -> Iterator[Rehearsal]:
    rehearsal = opened(request.param)
    rehearsal.follow()
    yield rehearsal
    door.post("account", mode="safe", type="service", verified=True)


def test_a_bot_in_another_mode_cannot_be_reached_until_the_mode_is_switched_back(page: Rehearsal, door: SideDoor):
    page.set_account("消息加解密方式", "明文模式")
    page.say("怎么开发票", answers=0)
    expect(page.at("#chat .note.failed")).to_contain_text("该公众号提供的服务出现故障")

    page.set_account("消息加解密方式", "兼容模式")
    page.set_account("消息加解密方式", "安全模式")
    page.say("怎么开发票")

    expect(page.heard).to_contain_text("发票")
    assert door.get("account")["mode"] == "safe"


@pytest.mark.parametrize(
    ("choice", "held"),
    [
        ("未认证", {"verified": False}),
        ("认证订阅号", {"verified": True, "type": "subscription"}),
    ],
)
def test_an_account_of_another_type_may_do_less(page: Rehearsal, door: SideDoor, choice: str, held: dict):
    page.set_account("账号类型", choice)

    assert door.get("account").items() >= held.items()
    page.open().at("#account-open").click()
    expect(page.page.get_by_label("账号类型").locator("option:checked")).to_have_text(choice)
    page.picture(f"account-{choice}")
    assert page.overflow_px() == 0


def test_everybody_is_forgotten_once_it_was_asked_twice(page: Rehearsal, door: SideDoor):
    before = door.only_user()
    page.at("#account-open").click()

    page.page.get_by_role("button", name="清空用户和聊天").click()
    assert door.only_user() == before
    page.page.get_by_role("button", name="再点一次就清空").click()

    expect(page.at("#follow")).to_be_visible()
    expect(page.at("#account-form")).to_be_hidden()
    assert door.only_user() != before


def test_who_asked_once_and_closed_the_settings_is_asked_again(page: Rehearsal):
    page.at("#account-open").click()
    page.page.get_by_role("button", name="清空用户和聊天").click()

    page.page.keyboard.press("Escape")
    page.at("#account-open").click()

    expect(page.at("#account-reset")).to_have_text("清空用户和聊天")
