"""The follower's page on a phone of 390 pixels, from the link in the chat to the mark at the end."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rehearsal_page import ARTEFACTS, Rehearsal, SideDoor
from tests.e2e.processes import Newcomer
from tests.page.pictures import a_photo

WIDTH = 390


@pytest.fixture
def phone(opened: Callable[[int], Rehearsal]) -> Rehearsal:
    rehearsal = opened(WIDTH)
    rehearsal.follow()
    return rehearsal


@pytest.fixture
def page(phone: Rehearsal) -> Page:
    """What the link below 我的工单 opens."""
    phone.say("我的工单")
    phone.at("#chat .textlink").filter(has_text="在网页上查看和提交").last.click()
    with phone.page.expect_popup() as popup:
        phone.at("#sheet a").click()
    expect(popup.value.get_by_role("heading", name="我的工单")).to_be_visible()
    return popup.value


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "shot.jpg"
    file.write_bytes(a_photo(300))
    return file


def shoot(page: Page, name: str) -> None:
    """Keep a picture, and see that nothing can be scrolled sideways."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}-{WIDTH}.png", full_page=True)
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0


def report(page: Page, photo: Path) -> str:
    """A new ticket with a picture; its number."""
    page.get_by_role("link", name="提交新问题").click()
    page.get_by_role("link", name="反馈问题").click()
    page.get_by_label("请描述一下问题").fill("打开文档时提示「格式不支持」")
    page.get_by_label("Windows").check()
    page.get_by_label("大概什么时候出现的").fill("昨天下午3点")
    page.get_by_label("有截图或录屏").set_input_files([photo, photo])
    expect(page.locator(".previews img")).to_have_count(2)
    shoot(page, "my-form")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("已收到")
    return page.url.rpartition("/")[2]


def staff(newcomer: Newcomer, *words: str) -> None:
    done = newcomer.run("ticket", *words, "--by", "小美")
    assert done.returncode == 0, done.stderr


def test_a_ticket_from_its_first_word_to_its_mark(phone: Rehearsal, page: Page, photo: Path, newcomer: Newcomer):
    number = report(page, photo)
    expect(page.locator(".history img")).to_have_count(2)
    for image in page.locator("img").all():
        expect(image).not_to_have_js_property("naturalWidth", 0)

    page.get_by_label("想补充的话").fill("重装以后还是一样")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".entry").last).to_contain_text("重装以后还是一样")

    page.get_by_role("button", name="催办").click()
    expect(page.get_by_role("status")).to_contain_text("已经替您催办")

    staff(newcomer, "reply", number, "请更新到 12.1.0 再试")
    page.get_by_role("link", name="返回我的工单").click()
    expect(page.locator(".card").first).to_contain_text("请更新到 12.1.0 再试")
    shoot(page, "my-tickets")
    page.locator(".card").first.click()
    expect(page.locator(".entry").last).to_contain_text("请更新到 12.1.0 再试")

    staff(newcomer, "close", number)
    page.reload()
    page.get_by_label("5 星").check()
    shoot(page, "my-ticket")
    page.locator("form[action$=rating] button").click()
    expect(page.get_by_role("status")).to_contain_text("谢谢您的评价")


def test_the_receipt_comes_into_the_chat_too(phone: Rehearsal, page: Page, photo: Path):
    number = report(page, photo)

    expect(phone.heard).to_contain_text(number)


def test_whoever_holds_the_phone_sees_their_own(phone: Rehearsal, page: Page, photo: Path, door: SideDoor):
    number = report(page, photo)
    phone.page.bring_to_front()
    phone.at("#new-person").click()
    phone.follow()
    phone.say("我的工单")
    phone.at("#chat .textlink").filter(has_text="在网页上查看和提交").last.click()

    with phone.page.expect_popup() as popup:
        phone.at("#sheet a").click()

    expect(popup.value.locator(".empty")).to_be_visible()
    expect(popup.value.get_by_text(number)).to_have_count(0)


def test_too_many_pictures_are_told_before_they_are_sent(page: Page, photo: Path):
    page.get_by_role("link", name="提交新问题").click()
    page.get_by_role("link", name="反馈问题").click()

    files = page.get_by_label("有截图或录屏")
    files.set_input_files([photo] * 6)

    assert files.evaluate("input => input.validationMessage") == "最多 5 张图片。"
