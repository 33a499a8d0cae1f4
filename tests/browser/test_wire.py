"""What the page shows of the platform itself: the wire, faults, the connection, languages, the tour."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.rehearsal_page import Rehearsal, SideDoor, window
from wxbot.sandbox.platform import Platform


def test_a_delivery_opens_to_what_was_said_and_to_what_was_sent(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.say("怎么开发票")
    entry = rehearsal.wire.filter(has_text="text").first

    entry.locator(".wire-line").click()
    expect(entry.locator("pre").nth(1)).to_contain_text("<Content><![CDATA[怎么开发票]]></Content>")
    expect(entry.locator("pre").nth(3)).to_contain_text("<MsgType><![CDATA[text]]></MsgType>")

    entry.get_by_role("button", name="原文").click()
    expect(entry.locator("pre").nth(1)).to_contain_text("<Encrypt>")
    expect(entry.locator("pre").nth(1)).not_to_contain_text("怎么开发票")


def test_the_newest_line_stands_first_and_lines_can_be_filtered(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.say("怎么开发票")

    expect(rehearsal.wire.first.locator(".name")).to_have_text("text")
    rehearsal.page.get_by_role("button", name="调用", exact=True).click()

    expect(rehearsal.wire.filter(has_text="推送")).to_have_count(0)


def test_a_fault_happens_once_and_wechat_tries_again(rehearsal: Rehearsal):
    rehearsal.follow()
    rehearsal.switch_fault("机器人的回复丢失")

    rehearsal.say("怎么开发票")

    expect(rehearsal.wire.first).to_contain_text("第 2 次")
    expect(rehearsal.wire.nth(1).locator(".verdict")).to_have_text("失败")
    expect(rehearsal.page.get_by_role("switch", name="机器人的回复丢失")).to_have_attribute("aria-checked", "false")


def test_a_bot_that_does_not_answer_is_told_to_the_follower(rehearsal: Rehearsal, door: SideDoor):
    rehearsal.follow()
    door.post("faults", path="push", kind="drop", times=None)

    rehearsal.say("怎么开发票", answers=0)

    expect(rehearsal.at("#chat .note.failed")).to_contain_text("该公众号提供的服务出现故障")


def test_the_account_types_while_it_works(rehearsal: Rehearsal, door: SideDoor):
    rehearsal.follow()
    user = door.only_user()

    door.call("cgi-bin/message/custom/typing", touser=user, command="Typing")
    expect(rehearsal.at("#chat-title")).to_have_text("对方正在输入…")
    door.call("cgi-bin/message/custom/typing", touser=user, command="CancelTyping")

    expect(rehearsal.at("#chat-title")).to_have_text("云笺办公")


def test_the_page_catches_up_with_what_it_missed(rehearsal: Rehearsal, door: SideDoor):
    rehearsal.follow()
    user = door.only_user()
    rehearsal.page.route("**/sandbox/events*", lambda route: route.abort())
    rehearsal.open()
    expect(rehearsal.at("#connection")).to_be_visible()

    door.post(f"users/{user}/do", what="text", content="怎么开发票", wait=10)
    rehearsal.page.unroute("**/sandbox/events*")

    expect(rehearsal.heard).to_contain_text("发票")
    expect(rehearsal.at("#connection")).to_be_hidden()
    rehearsal.complaints.clear()  # of the connection that this test cut


def test_the_page_begins_anew_with_a_platform_that_was_started_anew(browser: Browser):
    with Platform() as platform:
        context, rehearsal = window(browser, platform.url, 1440)
        rehearsal.open().at("#new-person").click()
        expect(rehearsal.at(".person:not(.new)")).to_have_count(2)

    port = int(platform.url.rpartition(":")[2])
    with Platform(port=port):
        expect(rehearsal.at(".person:not(.new)")).to_have_count(1)
        context.close()


def test_a_reload_keeps_the_chat_and_the_phone_that_was_shown(rehearsal: Rehearsal):
    rehearsal.at("#new-person").click()
    rehearsal.follow()
    shown = rehearsal.at(".person[aria-pressed=true]").inner_text()

    rehearsal.open()

    assert rehearsal.at(".person[aria-pressed=true]").inner_text() == shown
    expect(rehearsal.heard).to_contain_text("欢迎关注")


def test_the_language_is_switched_and_remembered(rehearsal: Rehearsal):
    rehearsal.at("#language").click()
    expect(rehearsal.at("#desk h2")).to_have_text("Agents' desk")

    rehearsal.open()

    expect(rehearsal.at("#desk h2")).to_have_text("Agents' desk")
    expect(rehearsal.at("html")).to_have_attribute("lang", "en")


def test_the_tour_ticks_off_what_was_done_and_remembers_it(rehearsal: Rehearsal):
    rehearsal.follow()
    expect(rehearsal.at("#tour-steps .next")).to_contain_text("点菜单")
    rehearsal.choose("自助服务", "常见问题")

    rehearsal.open()

    expect(rehearsal.at("#tour-steps .done")).to_have_count(2)


def test_a_closed_tour_stays_closed_and_can_be_called_back(rehearsal: Rehearsal):
    rehearsal.at("#tour-close").click()
    rehearsal.open()
    expect(rehearsal.at("#tour")).to_be_hidden()

    rehearsal.at("#tour-open").click()

    expect(rehearsal.at("#tour")).to_be_visible()


HOSTILE = (
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<a href=\"javascript:document.title='owned'\">看这里</a>",
    "</div><style>body{display:none}</style>",
    "{{ 7 * 7 }} ${7 * 7} \u202e反的",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(rehearsal: Rehearsal, door: SideDoor, words: str):
    rehearsal.follow()
    user = door.only_user()
    door.post(f"users/{user}", name=words[:20], tags=[words[:20]])
    door.call("cgi-bin/message/custom/send", touser=user, msgtype="text", text={"content": words})

    rehearsal.say(words)
    rehearsal.wire.first.locator(".wire-line").click()

    for link in rehearsal.at("#chat .textlink").filter(has_text="看这里").all():
        link.click()
        rehearsal.page.keyboard.press("Escape")
    assert rehearsal.at("main script, main style, #chat img, main a").count() == 0
    assert rehearsal.page.title() == "wxbot 演练：本机上的微信"
    expect(rehearsal.at("#chat .row.mine .bubble").last).to_contain_text("看这里" if "看这里" in words else words)
