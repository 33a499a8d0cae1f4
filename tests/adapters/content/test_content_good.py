"""What the operators wrote, as the bot gets it."""

import time
from datetime import date
from pathlib import Path

import pytest

from wxbot.adapters.content import load
from wxbot.domain.account import AccountType
from wxbot.domain.action import Action, Option
from wxbot.domain.contacts import Email, Phone
from wxbot.domain.hours import Span
from wxbot.domain.reply import ArticlePart, ImagePart, MiniProgramPart, TextPart, VideoPart, VoicePart

MENUS = """\
version: 1
account: {name: 云笺办公, type: 认证服务号}
hours:
  timezone: Asia/Shanghai
  weekly:
    周一至周五: 9:00-12:00, 13:30-18:00
    星期六: 10：00－16：00
  closed: [2027-01-01]
  extra: {2027-01-02: 9:00-24:00}
contacts:
  phones:
    - {name: 个人版热线, number: 0571-8888000, hours: 工作日, note: 仅限个人版}
  emails:
    - {name: 技术支持, address: support@example.com, reply_time: 两天内}
welcome:
  text: 欢迎关注{name}
  options: [{label: 常见问题, action: browse}]
  closed: 现在不在服务时间
  returning: {text: 又见面了}
  scenes:
    store_*: {text: 欢迎光临, options: [{label: 找人, action: human:门店}]}
menu:
  - name: 自助服务
    items:
      - {name: 登录, action: browse:账号#2}
      - {name: 官网, action: "url:https://www.example.com/"}
      - {name: 小程序, action: "miniprogram:wx0123456789abcdef/pages/index", fallback: "https://m.example.com/"}
      - {name: 扫码, action: "say:好的: 收到", tap: scancode_waitmsg, key: OLD}
      - {name: 图文, article_id: xxx}
conditional_menus:
  - match: {tag: 101, client: ios}
    menu: [{name: 密码, action: answer:reset}]
old_keys: {MENU_FAQ: browse}
human: {words: [找小笺]}
texts: {miss_first: 没听懂}
"""

ACCOUNT = """\
category: 账号
vocabulary: [云笺, 轻舟模式]
synonyms: [[会员, VIP]]
answers:
  - id: reset
    question: 怎么重置密码
    similar: [密码忘了]
    answer: |
      第一步
      第二步
    exact: [重置 密码！]
    keywords: [密码]
    related: ["0571"]
  - {id: 0571, question: 9:00, answer: on}
"""


def loaded(a_folder, files):
    return load(a_folder(files))


def test_the_smallest_folder_is_one_line(a_folder) -> None:
    content = loaded(a_folder, {})

    assert content.warnings == ()
    assert content.script.answers == {}
    assert content.script.account_type is AccountType.VERIFIED_SERVICE
    assert "{name}" in content.script.welcome.first.text
    assert content.script.say("browse")


def test_every_key_of_menus_yaml_reaches_the_script(a_folder) -> None:
    script = loaded(a_folder, {"menus.yaml": MENUS, "answers/a.yaml": ACCOUNT}).script

    assert script.name == "云笺办公"
    assert script.contacts.phones == (Phone("个人版热线", "0571-8888000", "工作日", "仅限个人版"),)
    assert script.contacts.emails == (Email("技术支持", "support@example.com", "两天内"),)
    assert script.old_keys == {"MENU_FAQ": Action("browse")}
    assert script.texts["miss_first"] == "没听懂"
    assert script.words.wants_human("找小笺")
    assert script.agents


def test_the_welcome_depends_on_scene_and_return(a_folder) -> None:
    welcome = loaded(a_folder, {"menus.yaml": MENUS, "answers/a.yaml": ACCOUNT}).script.welcome

    assert welcome.first.options == (Option("常见问题", Action("browse")),)
    assert welcome.returning
    assert welcome.returning.text == "又见面了"
    assert welcome.scenes["store_*"].options == (Option("找人", Action("human", "门店")),)
    assert welcome.closed == "现在不在服务时间"


def test_hours_are_read_in_the_spellings_people_use(a_folder) -> None:
    hours = loaded(a_folder, {"menus.yaml": MENUS, "answers/a.yaml": ACCOUNT}).script.hours

    assert hours.weekly[0] == hours.weekly[4] == (Span(540, 720), Span(810, 1080))
    assert hours.weekly[5] == (Span(600, 960),)
    assert hours.weekly[6] == ()
    assert hours.special == {date(2027, 1, 1): (), date(2027, 1, 2): (Span(540, 1440),)}


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("工作日", {0, 1, 2, 3, 4}),
        ("周末", {5, 6}),
        ("每天", set(range(7))),
        ("周天", {6}),
        ("周一到周三", {0, 1, 2}),
        ("周六至周一", {5, 6, 0}),
        ("周一、周三，周五", {0, 2, 4}),
        ("周六日", {5, 6}),
        ("礼拜天", {6}),
    ],
)
def test_days_are_named_as_people_name_them(a_folder, written, days) -> None:
    script = loaded(a_folder, {"menus.yaml": f"version: 1\nhours: {{weekly: {{{written!r}: 9:00-10:00}}}}\n"}).script

    assert {day for day in range(7) if script.hours.weekly[day]} == days


def test_own_days_come_before_public_holidays(a_folder) -> None:
    year = date.today().year
    own = f"closed: [{year}-03-03]\n  extra: {{{year}-10-01: 9:00-10:00}}"
    hours = load(a_folder({"menus.yaml": f"version: 1\nhours:\n  holidays: 中国\n  {own}\n"})).script.hours

    assert hours.spans(date(year, 10, 2)) == ()
    assert hours.spans(date(year, 10, 1)) == (Span(540, 600),)
    assert hours.spans(date(year, 3, 3)) == ()


def test_without_hours_it_is_always_open(a_folder) -> None:
    assert loaded(a_folder, {}).script.hours.weekly[6] == (Span(0, 1440),)


def test_the_menu_keeps_keys_taps_and_materials(a_folder) -> None:
    menu = loaded(a_folder, {"menus.yaml": MENUS, "answers/a.yaml": ACCOUNT}).script.menu

    browse, site, program, scan, article = menu.buttons[0].items
    assert browse.action == Action("browse", "账号", 2)
    assert site.action == Action("url", "https://www.example.com/")
    assert program.fallback == "https://m.example.com/"
    assert (scan.action, scan.tap, scan.key) == (Action("say", "好的: 收到"), "scancode_waitmsg", "OLD")
    assert article.material == ("article_id", "xxx")
    assert (menu.conditional[0].tag_id, menu.conditional[0].client) == ("101", "ios")


def test_scalars_stay_as_they_were_written(a_folder) -> None:
    answer = loaded(a_folder, {"answers/a.yaml": ACCOUNT}).script.answers["0571"]

    assert (answer.question, answer.parts) == ("9:00", (TextPart("on"),))


@pytest.mark.parametrize("written", ["4000000000", "2027-01-01", "1e3", "0x1F", "yes", "1_000", ".5", "'null'"])
def test_no_text_is_taken_for_something_else(a_folder, written) -> None:
    script = loaded(a_folder, {"answers/a.yaml": f"category: x\nanswers: [{{id: a, question: q, answer: {written}}}]"})

    assert script.script.answers["a"].parts == (TextPart(written.strip("'")),)


def test_an_answer_keeps_its_order_and_its_parts(a_folder) -> None:
    text = """\
category: x
answers:
  - id: a
    question: q
    answer:
      - 一段
      - {text: 两段}
      - {image: I}
      - {voice: V}
      - {video: W, title: t, description: d, thumb: h}
      - {article: {title: t, url: "https://a.com/", description: d, picture: "https://a.com/p.jpg"}}
      - {miniprogram: {title: t, appid: wx0123456789abcdef, path: p, thumb: h}}
"""

    answer = loaded(a_folder, {"answers/a.yaml": text}).script.answers["a"]

    assert answer.parts == (
        TextPart("一段"),
        TextPart("两段"),
        ImagePart("I"),
        VoicePart("V"),
        VideoPart("W", "t", "d", "h"),
        ArticlePart("t", "https://a.com/", "d", "https://a.com/p.jpg"),
        MiniProgramPart("t", "wx0123456789abcdef", "p", "h"),
    )


def test_exact_texts_are_normalised_and_phrasings_are_not(a_folder) -> None:
    answer = loaded(a_folder, {"answers/a.yaml": ACCOUNT}).script.answers["reset"]

    assert answer.exact == ("重置密码",)
    assert answer.similar == ("密码忘了",)
    assert answer.parts == (TextPart("第一步\n第二步"),)


def test_words_for_the_segmenter_come_from_all_files(a_folder) -> None:
    other = "vocabulary: [云笺, 飞舟]\nsynonyms: [[电脑, 计算机]]\n"

    content = loaded(a_folder, {"answers/a.yaml": ACCOUNT, "answers/deep/b.yml": other})

    assert content.vocabulary == ("云笺", "轻舟模式", "飞舟")
    assert content.synonyms == (("会员", "VIP"), ("电脑", "计算机"))


def test_a_category_may_span_files_and_small_talk_is_not_browsed(a_folder) -> None:
    def file(category: str, name: str, smalltalk: str = "false") -> str:
        return (
            f"category: {category}\nsmalltalk: {smalltalk}\nanswers: [{{id: {name}, question: 问{name}, answer: 好}}]\n"
        )

    content = loaded(
        a_folder,
        {"answers/1.yaml": file("乙", "a"), "answers/2.yaml": file("甲", "b"), "answers/3.yaml": file("乙", "c")}
        | {"answers/4.yaml": file("闲聊", "d", "true")},
    )

    assert list(content.script.categories.items()) == [("乙", ("a", "c")), ("甲", ("b",))]
    assert content.script.answers["d"].smalltalk


def test_hidden_files_backups_and_other_kinds_are_passed_over(a_folder) -> None:
    broken = dict.fromkeys(("answers/.x.yaml", "answers/x.yaml~", "answers/.git/x.yaml", "answers/x.txt"), "{")

    assert loaded(a_folder, broken).script.answers == {}


def test_a_byte_order_mark_and_windows_line_ends_are_fine(a_folder) -> None:
    text = ACCOUNT.replace("\n", "\r\n").encode("utf-8-sig")

    assert list(loaded(a_folder, {"answers/a.yaml": text}).script.answers) == ["reset", "0571"]


def test_a_plain_alias_is_fine(a_folder) -> None:
    text = "category: x\nanswers:\n  - {id: a, question: q, answer: &a 好}\n  - {id: b, question: p, answer: *a}\n"

    assert loaded(a_folder, {"answers/a.yaml": text}).script.answers["b"].parts == (TextPart("好"),)


def test_no_phone_line_is_something_to_declare(a_folder) -> None:
    assert loaded(a_folder, {"menus.yaml": "version: 1\ncontacts: {phones: none}\n"}).script.contacts.no_phone


@pytest.mark.parametrize("menus", ["human: {enabled: false}", "account: {type: 未认证}", "account: {type: 测试号}"])
def test_there_are_agents_only_where_the_account_may_have_them(a_folder, menus) -> None:
    assert not loaded(a_folder, {"menus.yaml": f"version: 1\n{menus}\n"}).script.agents


def test_nothing_of_the_script_can_be_changed(a_folder) -> None:
    script = loaded(a_folder, {"menus.yaml": MENUS, "answers/a.yaml": ACCOUNT}).script

    with pytest.raises(TypeError):
        script.answers["x"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        script.texts["x"] = ""  # type: ignore[index]


def test_ten_thousand_answers_load_in_seconds(a_folder) -> None:
    entry = (
        "  - {{id: a{0}, question: 怎么重置密码{0}, similar: [忘记密码{0}, 密码忘了{0}, 登不上{0}], answer: 第{0}步}}\n"
    )
    text = "category: x\nanswers:\n" + "".join(map(entry.format, range(10_000)))
    folder: Path = a_folder({"answers/a.yaml": text})

    start = time.process_time()
    content = load(folder)

    assert len(content.script.answers) == 10_000
    assert time.process_time() - start < 10
