"""From the first tap to an agent's goodbye, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.rehearsal_page import Rehearsal, SideDoor


def look(rehearsal: Rehearsal, name: str) -> None:
    rehearsal.picture(name)
    assert rehearsal.overflow_px() == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_a_follower_gets_from_the_welcome_to_an_agent_and_back(opened: Callable[[int], Rehearsal], width: int):
    rehearsal = opened(width)
    look(rehearsal, "1-stranger")

    rehearsal.follow()
    expect(rehearsal.heard).to_contain_text("欢迎关注云笺办公")
    look(rehearsal, "2-welcome")

    rehearsal.choose("自助服务", "常见问题")
    expect(rehearsal.heard).to_contain_text("账号与登录")
    look(rehearsal, "3-menu")

    rehearsal.say("怎么开发票")
    expect(rehearsal.heard).to_contain_text("发票")
    look(rehearsal, "4-question")

    rehearsal.tap("发票抬头填错了怎么改")
    expect(rehearsal.at("#chat .row.mine").last).to_contain_text("发票抬头填错了怎么改")
    look(rehearsal, "5-suggestion")

    rehearsal.go_online("小美")
    rehearsal.say("转人工")
    expect(rehearsal.heard).to_contain_text("人工客服")
    rehearsal.accept("小林")
    rehearsal.answer("您好，我是小美，马上帮您看。")
    look(rehearsal, "6-desk")

    rehearsal.show("phone")
    expect(rehearsal.heard).to_contain_text("您好，我是小美")
    look(rehearsal, "7-answer")

    rehearsal.close_session()
    rehearsal.say("怎么开发票")
    expect(rehearsal.heard).to_contain_text("发票")
    rehearsal.show("data")
    look(rehearsal, "8-wire")


def test_three_areas_are_in_sight_at_once_on_a_desk_and_one_on_a_phone(opened: Callable[[int], Rehearsal]):
    on_a_desk, on_a_phone = opened(1440), opened(390)

    areas = "#phone", "#desk", "#data"
    assert [on_a_desk.at(area).is_visible() for area in areas] == [True, True, True]
    assert [on_a_phone.at(area).is_visible() for area in areas] == [True, False, False]


def test_an_agent_hands_the_talk_to_another(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.go_online("小美")
    rehearsal.go_online("小刚")
    rehearsal.say("转人工")
    rehearsal.accept("小林")

    rehearsal.at("#transfer").select_option(label="小刚")

    expect(rehearsal.at("#conversation-who")).to_contain_text("小刚 接待中")


def test_half_an_hour_later_the_bot_answers_again(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.go_online("小美")
    rehearsal.say("转人工")
    rehearsal.accept("小林")

    rehearsal.at("#half-hour").click()

    expect(rehearsal.at("#sessions")).to_contain_text("没有进行中的会话")
    expect(rehearsal.at("#clock-offset")).to_contain_text("+30:")


def test_the_clock_is_moved_set_and_put_right(rehearsal: Rehearsal):
    rehearsal.at("[data-advance='172800']").click()
    expect(rehearsal.at("#clock-offset")).to_contain_text("+48:00:0")

    rehearsal.at("#clock-set").click()
    rehearsal.at("#clock-value").fill("2030-01-02T10:24")
    rehearsal.at("#clock-form button").click()
    expect(rehearsal.at("#phone-time")).to_have_text("10:24")

    rehearsal.at("#clock-real").click()
    expect(rehearsal.at("#clock-offset")).to_have_text("真实时间")


def test_several_people_have_a_phone(rehearsal: Rehearsal, door: SideDoor):
    rehearsal.follow()
    first = door.only_user()
    rehearsal.at("#new-person").click()
    expect(rehearsal.at("#follow")).to_be_visible()

    door.post(f"users/{first}/do", what="text", content="怎么开发票", wait=10)

    tab = rehearsal.at(".person").filter(has_text="小林")
    expect(tab.locator(".badge")).to_be_visible()
    tab.click()
    expect(rehearsal.heard).to_contain_text("发票")
    expect(tab.locator(".badge")).to_have_count(0)


def test_who_unfollows_sees_the_accounts_card_and_may_come_back_by_a_scene(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.at("#chat-more").click()
    rehearsal.at("#unfollow").click()
    expect(rehearsal.at("#follow")).to_be_visible()

    rehearsal.page.get_by_role("button", name="扫带场景的二维码").click()
    rehearsal.at("#sheet input").fill("store_001")
    rehearsal.at("#sheet button[type=submit]").click()

    expect(rehearsal.heard).to_contain_text("欢迎在门店体验云笺")


SENT = {
    "图片": "img",
    "语音": ".voice",
    "视频": ".film",
    "位置": ".place",
    "链接": ".link",
    "文件": ".file",
    "表情包": ".sticker",
}
"""What the "+" panel offers, and how it looks in the chat."""


def test_a_phone_sends_more_than_words(rehearsal: Rehearsal):
    rehearsal.follow()

    for tile, shown in SENT.items():
        rehearsal.send(tile)
        expect(rehearsal.at(f"#chat .row.mine {shown}")).to_be_visible()

    rehearsal.picture("media")


def test_a_picture_of_ones_own_is_sent_and_seen(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.at("#to-keyboard").click()
    rehearsal.at("#plus").click()
    rehearsal.at(".tile").filter(has_text="图片").click()

    picture = rehearsal.page.screenshot(clip={"x": 0, "y": 0, "width": 40, "height": 30})
    rehearsal.at("#sheet input").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture})
    rehearsal.at("#sheet button[type=submit]").click()

    image = rehearsal.at("#chat .row.mine img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40


def test_a_page_that_the_menu_would_open_is_only_told(rehearsal: Rehearsal):
    rehearsal.follow()

    rehearsal.at(".menu-name").filter(has_text="自助服务").click()
    rehearsal.page.get_by_role("menuitem", name="视频教程").click()

    expect(rehearsal.page.get_by_role("dialog")).to_contain_text("https://help.yunjian.example.com/video")
    assert len(rehearsal.page.context.pages) == 1


def test_the_menu_works_by_keyboard(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.at(".menu-name").first.focus()

    rehearsal.page.keyboard.press("Enter")
    rehearsal.page.keyboard.press("ArrowDown")
    expect(rehearsal.page.get_by_role("menuitem", name="找回密码")).to_be_focused()
    rehearsal.page.keyboard.press("Escape")

    expect(rehearsal.at(".sub-menu").first).to_be_hidden()
    expect(rehearsal.at(".menu-name").first).to_be_focused()


def test_the_chat_tells_screen_readers_what_is_new(rehearsal: Rehearsal):
    rehearsal.follow()

    nameless = rehearsal.page.evaluate(
        """[...document.querySelectorAll("button, input, select, textarea")].filter((one) =>
             one.checkVisibility() && !one.textContent.trim() && !one.ariaLabel && !one.labels?.length
           ).map((one) => one.outerHTML)"""
    )

    expect(rehearsal.at("#chat")).to_have_attribute("aria-live", "polite")
    assert nameless == []
