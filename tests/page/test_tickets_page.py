"""What followers do with their tickets on the page."""

import re
from dataclasses import replace

import pytest

from tests.page.pictures import a_photo, chosen, opened


def number_on(page):
    return re.search(r"\d{6}-\d{5}", page.url + page.text)[0]


@pytest.fixture
def reported(browser):
    """The page of a new ticket."""
    return browser.reports("文件打不开了")


def test_who_has_no_tickets_is_offered_a_form(browser):
    page = browser.opens()

    assert page.status_code == 200
    assert "您还没有工单" in page.text
    assert "小店" in page.text


def test_a_sent_form_becomes_a_ticket_in_the_list(browser, reported):
    listed = browser.opens()

    assert "已收到" in reported.text
    assert "等待受理" in reported.text
    assert "文件打不开了" in listed.text
    assert number_on(reported) in listed.text


def test_a_ticket_is_the_same_for_staff(staff, browser, reported):
    record = staff.record(number_on(reported))

    assert (record.ticket.user, record.ticket.urgency) == (browser.openid, "一般")
    assert {each.field: each.text for each in record.entries[0].values} == {
        "description": "文件打不开了",
        "system": "macOS",
    }


def test_a_form_with_faults_comes_back_with_all_of_them_and_with_what_was_given(browser):
    page = browser.reports("短", system="Linux", contact="12")

    assert page.status_code == 422
    assert "至少 4 个字" in page.text
    assert "请从下面选一个" in page.text
    assert "不是电话号码" in page.text
    assert ">短</textarea>" in page.text
    assert "您还没有工单" in browser.opens().text


def test_what_is_missing_is_asked_for(browser):
    page = browser.reports("")

    assert page.text.count("请填写这一项") == 1


def test_a_phone_number_is_offered_again(browser):
    browser.reports("文件打不开了", contact="138 0000 0000")

    assert 'value="13800000000"' in browser.opens("/new/problem").text


def test_the_same_problem_again_may_join_the_first(staff, browser, reported):
    asked = browser.reports("文件打不开了！")
    joined = browser.sends(asked, "/draft", choice="merge")

    assert "很像" in asked.text
    assert number_on(joined) == number_on(reported)
    assert len(staff.record(number_on(reported)).entries) == 2


def test_or_become_a_ticket_of_its_own(browser, reported):
    asked = browser.reports("文件打不开了！")
    another = browser.sends(asked, "/draft", choice="another")

    assert number_on(another) != number_on(reported)
    assert browser.opens("/draft").url == f"{browser.url}"


def test_a_report_that_waits_for_a_word_is_on_the_list(browser, reported):
    browser.reports("文件打不开了！")

    listed = browser.opens()

    assert "等您确认" in listed.text
    assert 'href="/my/draft"' in listed.text


def test_what_resembles_a_closed_ticket_can_only_be_another(staff, browser, reported):
    browser.reports("文件打不开了！")
    staff.close(number_on(reported), "", "小美")

    page = browser.opens("/draft")
    sent = browser.sends(page, "/draft", choice="another")

    assert "追加到这张工单" not in page.text
    assert "已收到" in sent.text
    assert number_on(sent) != number_on(reported)


def test_a_choice_that_does_nothing_leaves_the_report_there(browser, reported):
    asked = browser.reports("文件打不开了！")
    browser.sends(asked, "/draft", choice="another")
    again = browser.reports("文件打不开了！")
    once = browser.sheet(asked, "/draft").fields["once"]

    page = browser.sends(again, "/draft", choice="another", once=once)

    assert "请再选一次" in page.text
    assert page.url.endswith("/draft")


def test_sending_a_form_twice_opens_one_ticket(browser):
    page = browser.opens("/new/problem")

    for _ in range(2):
        last = browser.sends(page, "/new/problem", description="文件打不开了", system="macOS")

    assert "没有重复提交" in last.text
    assert len(set(re.findall(r"\d{6}-\d{5}", browser.opens().text))) == 1


def test_pictures_are_drawn_anew_and_shown_to_their_owner(browser):
    photo = a_photo(camera="a-camera-that-tells")

    page = browser.reports("文件打不开了", chosen("shots", photo, photo))
    addresses = re.findall(r'<img src="/my(/[^"]+)"', page.text)
    shown = browser.opens(addresses[0])

    assert len(addresses) == 2
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert opened(shown.content).size == (60, 40)
    assert b"a-camera-that-tells" not in shown.content


def test_a_picture_that_was_kept_for_long_enough_is_told_as_such(records, browser):
    page = browser.reports("文件打不开了", chosen("shots", a_photo()))
    (saved,) = [saved for saved in records.every() if saved.user == browser.openid]

    records.note(replace(saved, media=replace(saved.media, path="", loss="outlived")))

    assert "图片（已过保存期限）" in browser.opens(f"/{number_on(page)}").text


def test_what_staff_answer_is_read_on_the_page(staff, browser, reported):
    number = number_on(reported)

    staff.reply(number, "请更新到最新版", "小美")
    page = browser.opens(f"/{number}")

    assert "请更新到最新版" in page.text
    assert "小美" not in page.text
    assert "请更新到最新版" in browser.opens().text


def test_what_staff_ask_for_is_answered_on_the_page(staff, browser, reported):
    number = number_on(reported)
    staff.ask(number, "是哪个版本？", "小美")

    page = browser.sends(browser.opens(f"/{number}"), "/more", chosen("pictures", a_photo()), text="12.1")

    record = staff.record(number)
    assert "处理中" in page.text
    assert (record.entries[-1].event, record.entries[-1].text) == ("answered", "12.1")
    assert record.entries[-1].media[0].path


def test_a_new_line_counts_as_one_sign(staff, browser, reported):
    added = browser.sends(reported, "/more", text="长\r\n" * 999 + "长")
    report = browser.reports("字\r\n" * 99 + "字")

    assert "已追加" in added.text
    assert "已收到" in report.text
    assert staff.record(number_on(reported)).entries[-1].text == "长\n" * 999 + "长"


def test_an_empty_addition_is_not_taken(browser, reported):
    page = browser.sends(reported, "/more", text="  ")

    assert page.status_code == 422
    assert "请写几句话" in page.text


def test_urging_is_possible_as_often_as_operators_allow(staff, browser, reported):
    once = browser.sends(reported, "/nudge")
    twice = browser.sends(once, "/nudge")

    assert "已经替您催办" in once.text
    assert "现在不能这样做" in twice.text
    assert len(staff.record(number_on(reported)).ticket.nudges) == 1


def test_a_solved_ticket_is_closed_and_can_be_opened_again(browser, reported):
    closed = browser.sends(reported, "/solved")
    again = browser.sends(closed, "/reopen")

    assert "已关闭" in closed.text
    assert "处理中" in again.text


def test_a_page_of_an_old_state_does_no_harm(staff, browser, reported):
    staff.close(number_on(reported), "", "小美")

    page = browser.sends(reported, "/nudge")

    assert "现在不能这样做" in page.text


def test_secrets_are_hidden_and_warned_of(staff, browser):
    page = browser.reports("打不开，密码是 hunter2x")

    assert "hunter2x" not in page.text
    assert "请不要" in page.text or "密码" in page.text
    assert "hunter2x" not in repr(staff.record(number_on(page)))


def test_a_browser_that_prefers_english_gets_it(browser):
    page = browser.opens(headers={"Accept-Language": "en-GB,en;q=0.9"})

    assert "My tickets" in page.text
    assert 'lang="en"' in page.text


def test_a_resolved_ticket_is_rated_once(staff, ratings, browser, reported):
    number = number_on(reported)
    staff.resolve(number, "已修复", "小美")
    page = browser.opens(f"/{number}")

    thanked = browser.sends(page, "/rating", mark="2", reason="等太久")
    again = browser.sends(page, "/rating", mark="5", once="o" * 16)

    assert "谢谢您的评价" in thanked.text
    assert "评价这次处理" not in thanked.text
    assert "现在不能这样做" in again.text
    assert ratings() == [(2, ""), (2, "等太久")]


@pytest.mark.parametrize("mark", ["0", "6", "x", ""])
def test_a_mark_that_there_is_not_counts_for_nothing(staff, ratings, browser, reported, mark):
    number = number_on(reported)
    staff.resolve(number, "", "小美")

    browser.sends(browser.opens(f"/{number}"), "/rating", mark=mark)

    assert ratings() == []
    assert "评价这次处理" in browser.opens(f"/{number}").text


def test_nobody_is_asked_to_rate_what_is_not_solved(browser, reported):
    assert "评价这次处理" not in reported.text


def test_only_forms_that_lead_to_a_ticket_are_offered(browser):
    choices = browser.opens("/new").text

    assert "反馈问题" in choices
    assert "绑定账号" not in choices
    assert browser.opens("/new/binding").status_code == 404
