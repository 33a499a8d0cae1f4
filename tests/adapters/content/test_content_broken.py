"""What goes wrong in operators' files, and what they are told."""

import pytest

from wxbot.adapters.content import examine, load
from wxbot.errors import ContentError

ENTRY = "category: 账号\nanswers:\n  - id: a\n    question: 怎么登录\n    answer: 好\n"
"""Six lines and more may follow; the answer is line 5, column 13."""


def said(text: str) -> str:
    return ENTRY.replace("好", text)


IN_ANSWERS = [
    # YAML
    ("category: 账号\nanswers:\n  - id: a\n    question：怎么登录\n    answer: 好\n", "4:13", "“：”是全角的"),
    ("category: 账号\nanswers:\n  - id：a\n    question: 怎么登录\n", "3:7", "“：”是全角的"),
    ("category: 账号\nanswers:\n  － id: a\n    question: 怎么登录\n", "3:3", "“－”是全角的"),
    ("category：账号\n", "1:1", "请检查“：”是不是应该用半角符号"),
    ("category: 账号\n“answers”: []\n", "2:1", "引号是全角的"),
    ("category: 账号\nanswers:\n\t- id: a\n", "3:1", "制表符"),
    ("category: 账号\nanswers:\n  - id:a\n    question: b\n", "3:7", "冒号后面少一个空格"),
    ("category: 账号\nanswers:\n  - id: a\n   question: b\n", "4:4", "缩进和上面的列表不一致"),
    ("category: 账号\n answers: []\n", "2:2", "缩进和上面不一致"),
    ("category: 账号\n<<<<<<< HEAD\nanswers: []\n=======\n>>>>>>> b\n", "2:1", "合并冲突"),
    ("", "1:1", "文件是空的"),
    ("# 只有注释\n", "1:1", "文件是空的"),
    (f"{ENTRY}---\n{ENTRY}", "6:1", "好几份内容"),
    ("- id: a\n", "1:1", "整个文件应为一组“键: 值”，这里写的是列表"),
    ("category: 账号\nanswers:\n  id: a\n", "3:3", "「answers」应为列表"),
    ("category: x\nanswers: &a\n  - *a\n", "3:5", "引用了它自己"),
    ("category: " + "[" * 300, "1:42", "嵌套超过 32 层"),
    ("category: 账\x00号\n", "1:12", "看不见的字符（U+0000）"),
    (ENTRY.encode("gbk"), "1:11", "像是 GBK"),
    (ENTRY.encode("utf-16"), "1:1", "UTF-16"),
    (b"category: x\nanswers: []\n# \xff\xff\n", "3:3", "不是 UTF-8"),
    (f"{ENTRY}    similar: ［密码, 忘了］\n", "6:14", "请检查“［”是不是应该用半角符号"),
    (f"{ENTRY}    similar: [密码, 忘了\n    keywords: [x]\n", "6:14", "没有配上 ]"),
    (f"{ENTRY}    similar: [密码，忘了]\n", "6:15", "全角的逗号和顿号不会把它分开"),
    (said("a: b"), "5:14", "两个“: ”"),
    (said('"没有结尾'), "5:13", "引号没有配对"),
    (said('"C:\\data"'), "5:16", "反斜杠"),
    (said("@所有人"), "5:13", "不能以 @ 开头"),
    (said("*重要*"), "5:13", "不能以 * 开头"),
    (said("*note"), "5:13", "没有对应的 &note"),
    (said("!注意"), "5:13", "不能以 ! 开头"),
    (said("!!python/object:os.system x"), "5:13", "不支持类型标记"),
    (said("{{name}}"), "5:14", "键要写成一个词"),
    ("category: x\nanswers:\n  - <<: {id: a}\n    question: x\n    answer: y\n", "3:5", "不支持用 << 合并"),
    # schema
    (f"{ENTRY}    question: 又一次\n", "6:5", "「question」写了两次，第一次在第 4 行"),
    (f"{ENTRY}    simlar: [x]\n", "6:5", "不认识的键「simlar」。是不是想写「similar」"),
    (f"{ENTRY}    备注: x\n", "6:5", "这里可以写：answer、exact"),
    (f"{ENTRY}    similar:\n", "6:13", "「similar」后面是空的"),
    (f"{ENTRY}    similar: 密码、忘了\n", "6:14", "「similar」应为列表，这里写的是「密码、忘了」"),
    (f"{ENTRY}    keywords: [a: b]\n", "6:16", "「keywords」的第 1 项应为一段文字"),
    ("category: x\nanswers:\n  - id: a\n    answer: b\n", "3:5", "这一项缺少 question"),
    (ENTRY.removeprefix("category: 账号\n"), "1:1", "缺少 category"),
    (said("[]"), "5:13", "至少要有 1 项"),
    (said("[{text: a, image: b}]"), "5:15", "「text」不能和这一项里的其他键写在一起"),
    (said("[{vidoe: x}]"), "5:14", "没有写是哪种内容。是不是想写「video」"),
    (said("[{video: x, titel: y}]"), "5:25", "是不是想写「title」"),
    (said("[{article: {title: x, url: www.a.com}}]"), "5:40", "不是完整的网址"),
    (said("[{miniprogram: {title: t, appid: gh_1, path: x, thumb: h}}]"), "5:46", "不是小程序的 appid"),
    ("category: 账号#1\n", "1:11", "分类名里不能有 #"),
    ("category: x\nsmalltalk: maybe\n", "2:12", "应为 true 或 false"),
    ("vocabulary: [云笺、轻舟, 飞舟]\n", "1:14", "里有标点"),
    ("synonyms: [[会员]]\n", "1:12", "至少要有 2 项"),
    ("synonyms: [[会员, VIP], [贵宾, VIP]]\n", "1:28", "「VIP」在这个文件的同义词里已经写过"),
    (ENTRY.replace("id: a", "id: a:b c"), "3:9", "「a:b c」不能当 id"),
    (ENTRY.replace("id: a", f"id: {'a' * 65}"), "3:9", "最多 64 个字"),
    # one entry and the others
    (f"{ENTRY}  - {{id: a, question: x, answer: y}}\n", "6:10", "id「a」和 answers/a.yaml 第 3 行的重复"),
    (f"{ENTRY}    related: [b]\n", "6:15", "没有 id 为「b」的答案"),
    (f"{ENTRY}    related: [a]\n", "6:15", "这条答案自己"),
    (f"{ENTRY}  - {{id: b, question: 怎么 登录？, answer: y}}\n", "6:23", "和 answers/a.yaml 第 3 行的问法相同"),
    (f"{ENTRY}    exact: [登录]\n  - {{id: b, question: x, answer: y, exact: [登 录]}}\n", "7:45", "第 3 行的 exact"),
    (f"{ENTRY}    exact: [登录]\n  - {{id: b, question: 登录, answer: y}}\n", "7:23", "总是由 answers/a.yaml 第 3 行"),
    (ENTRY.replace("怎么登录", "？？"), "4:15", "永远匹配不上"),
    (ENTRY.replace("怎么登录", "请转人工"), "4:15", "会直接转人工"),
    (ENTRY.replace("怎么登录", "常见问题"), "4:15", "会直接打开分类目录"),
    (said("好" * 2000), "5:13", "6000 字节，超过一条消息的 2048 字节，会分成 3 条"),
]  # fmt: skip

IN_MENUS = [
    ("account: {}\n", "1:1", "缺少 version。请加上一行 version: 1"),
    ("version: 2\n", "1:10", "「version」不能写「2」。可以写：1"),
    ("version: 1\nacount: {}\n", "2:1", "不认识的键「acount」。是不是想写「account」"),
    ("version: 1\naccount: {type: 服务号}\n", "2:17", "是不是想写「认证服务号」"),
    # hours
    ("version: 1\nhours: {timezone: Asia/Beijing}\n", "2:19", "中国大陆写 Asia/Shanghai"),
    ("version: 1\nhours:\n  weekly:\n    周八: 9:00-10:00\n", "4:5", "「周八」不是星期几"),
    ("version: 1\nhours:\n  weekly:\n    周一: 上午\n", "4:9", "「上午」不是时间段"),
    ("version: 1\nhours:\n  weekly:\n    周一: 9:00-25:00\n", "4:9", "没有 25:00 这个时间"),
    ("version: 1\nhours:\n  weekly:\n    周一: 22:00-2:00\n", "4:9", "结束不晚于开始"),
    ("version: 1\nhours:\n  weekly:\n    周一: 9:00-12:00, 11:00-13:00\n", "4:9", "重叠或顺序颠倒"),
    ("version: 1\nhours:\n  weekly:\n    工作日: 9:00-12:00\n    星期三: 9:00-12:00\n", "5:5", "里都有周三"),
    ("version: 1\nhours: {closed: [2027-02-30]}\n", "2:18", "没有 2027-02-30 这一天"),
    ("version: 1\nhours: {closed: [明天]}\n", "2:18", "「明天」不是日期"),
    ("version: 1\nhours:\n  closed: [2027-01-01]\n  extra: {2027-1-1: 9:00-10:00}\n", "4:11", "在 closed 里已经写过"),
    ("version: 1\nhours:\n  extra: {2027-01-01: 9:00-10:00, 13:30-18:00}\n", "3:35", "时间要加引号"),
    # contacts and welcome
    ("version: 1\ncontacts: {phones: 没有}\n", "2:20", "「phones」不能写「没有」。可以写：none"),
    ("version: 1\ncontacts: {phones: []}\n", "2:20", "没有电话请写 phones: none"),
    ("version: 1\ncontacts: {phones: [{name: x, number: abc}]}\n", "2:39", "不像电话号码"),
    ("version: 1\ncontacts: {emails: [{name: x, address: a@b}]}\n", "2:40", "不是邮箱地址"),
    ("version: 1\nwelcome: {text: '你好{nmae}'}\n", "2:20", "没有「{nmae}」可以填"),
    ('version: 1\nwelcome: {options: [{label: "", action: browse}]}\n', "2:29", "「label」不能是空的"),
    ("version: 1\nwelcome: {options: [{label: <b>, action: browse}]}\n", "2:29", "里有不能用的字符"),
    (f"version: 1\nwelcome: {{options: [{'{label: x, action: browse},' * 10}]}}\n", "2:20", "有 10 项，最多 9 项"),
    ('version: 1\nwelcome: {scenes: {"": {text: x}}}\n', "2:20", "没有写键"),
    (f"version: 1\nwelcome: {{scenes: {{{'x' * 65}: {{text: x}}}}}}\n", "2:20", "场景值有 65 个字"),
    # actions
    ("version: 1\nold_keys: {A: answer:rest}\n", "2:15", "没有 id 为「rest」的答案。是不是想写「reset」"),
    ("version: 1\nold_keys: {A: browse:账户登录}\n", "2:15", "没有名为「账户登录」的分类。是不是想写「账号登录」"),
    ("version: 1\nold_keys: {A: guide:wifi}\n", "2:15", "没有名为「wifi」的引导流程"),
    ("version: 1\nold_keys: {A: ticket:bug}\n", "2:15", "没有名为「bug」的工单表单"),
    ("version: 1\nold_keys: {A: my-tickets:1}\n", "2:15", "动作 my-tickets 后面不能再写内容"),
    ("version: 1\nold_keys: {A: brows}\n", "2:15", "是不是想写「browse」"),
    ("version: 1\nold_keys: {A: browse：x}\n", "2:15", "冒号是全角的"),
    ('version: 1\nold_keys: {A: "https://a.com"}\n', "2:15", "网址前面要写 url:"),
    ('version: 1\nold_keys: {A: "url:ftp://a.com"}\n', "2:15", "不是完整的网址"),
    ('version: 1\nold_keys: {A: "miniprogram:foo"}\n', "2:15", "小程序动作写得不对"),
    ("version: 1\nold_keys: {A: phones:x}\n", "2:15", "后面不能再写内容"),
    ("version: 1\nold_keys: {A: answer}\n", "2:15", "没写完"),
    ("version: 1\nhuman: {enabled: false}\nold_keys: {A: human}\n", "3:15", "找不到人工：human.enabled 是 false"),
    ("version: 1\naccount: {type: 测试号}\nold_keys: {A: human}\n", "3:15", "找不到人工：账号类型是测试号"),
    # menus
    ("version: 1\nmenu: []\n", "2:7", "菜单有 0 个一级菜单"),
    ("version: 1\nmenu: [{name: a}]\n", "2:8", "没有写点了做什么"),
    ("version: 1\nmenu: [{name: a, action: browse, items: []}]\n", "2:8", "不止一种动作"),
    ("version: 1\nmenu: [{name: 一二三四五六, action: browse}]\n", "2:8", "18 字节，超过 16 字节"),
    ("version: 1\nmenu: [{name: a, items: [{name: b, items: [{name: c, action: browse}]}]}]\n", "2:26", "最多两级"),
    ("version: 1\nmenu: [{name: a😀, action: browse}]\n", "2:15", "表情符号"),
    ('version: 1\nmenu: [{name: a, action: "miniprogram:wx0123456789abcdef/p"}]\n', "2:8", "缺少 fallback"),
    ('version: 1\nmenu: [{name: a, action: browse, fallback: "https://a.com"}]\n', "2:8", "用不到 fallback"),
    ("version: 1\nmenu: [{name: a, action: browse, tap: scan}]\n", "2:39", "可以写：click、scancode_push"),
    ('version: 1\nmenu: [{name: a, action: "url:https://a.com", key: x}]\n', "2:8", "不会发回按键"),
    ("version: 1\nmenu: [{name: a, action: browse, key: K}, {name: b, action: phones, key: K}]\n", "2:74", "已经用在"),
    ("version: 1\nmenu: [{name: a, action: browse, key: K}]\nold_keys: {K: phones}\n", "3:12", "以菜单的动作为准"),
    ("version: 1\naccount: {type: 未认证}\nmenu: [{name: a, action: browse}]\n", "3:1", "不能用接口发布菜单"),
    ("version: 1\nconditional_menus: [{match: {tag: 1}, menu: [{name: a, action: browse}]}]\n", "2:1", "却没有 menu"),
    ("version: 1\nmenu: [{name: a, action: browse}]\nconditional_menus: [{match: {}, menu: []}]\n", "3:29", "给谁看"),
    # the bot's own words
    ("version: 1\naccount: {type: 未认证}\nhuman: {enabled: true}\n", "3:18", "不能转人工客服"),
    ('version: 1\nhuman: {words: ["！"]}\n', "2:17", "永远匹配不上"),
    ("version: 1\ntexts: {mis_first: x}\n", "2:9", "是不是想写「miss_first」"),
    ('version: 1\ntexts: {browse_category: "{categroy}"}\n', "2:26", "是不是想写「category」"),
    ('version: 1\ntexts: {related: "{"}\n', "2:18", "花括号没有配对"),
    ('version: 1\ntexts: {related: "{name.x}"}\n', "2:18", "没有「{name.x}」可以填"),
    ("version: 1\ntexts: {human_label: <a>}\n", "2:22", "不能用的字符"),
]  # fmt: skip

KNOWN = "category: 账号登录\nanswers: [{id: reset, question: 怎么重置密码, answer: 好}]\n"


def told(folder) -> list[str]:
    return [str(problem) for problem in examine(folder).problems]


@pytest.mark.parametrize(("text", "place", "words"), IN_ANSWERS)
def test_a_broken_answer_file_is_explained_at_its_place(a_folder, text, place, words) -> None:
    problems = told(a_folder({"answers/a.yaml": text}))

    assert any(p.startswith(f"answers/a.yaml:{place}: ") and words in p for p in problems), problems


@pytest.mark.parametrize(("text", "place", "words"), IN_MENUS)
def test_broken_menus_are_explained_at_their_place(a_folder, text, place, words) -> None:
    problems = told(a_folder({"menus.yaml": text, "answers/a.yaml": KNOWN}))

    assert any(p.startswith(f"menus.yaml:{place}: ") and words in p for p in problems), problems


@pytest.mark.parametrize(("text", "place", "words"), [*IN_ANSWERS, *IN_MENUS])
def test_no_sentence_is_left_in_english(a_folder, text, place, words) -> None:
    problems = examine(a_folder({"menus.yaml": text, "answers/a.yaml": text})).problems

    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in problem.message) for problem in problems)
    assert all(problem.hint for problem in problems)


def test_all_problems_of_all_files_are_told_at_once_and_in_order(a_folder) -> None:
    folder = a_folder(
        {
            "menus.yaml": "version: 1\nmenu:\n  - {name: a, action: brows}\n  - {name: b, action: answer:nope}\n",
            "answers/a.yaml": f"{ENTRY}    simlar: [x]\n    related: [nope]\n",
            "answers/b.yaml": "category: x\nanswers: [{id: a, question: y}]\nsmalltalk: maybe\n",
        }
    )

    with pytest.raises(ContentError) as caught:
        load(folder)

    assert [(p.file, p.line, p.column) for p in caught.value.problems] == [
        ("answers/a.yaml", 6, 5),
        ("answers/a.yaml", 7, 15),
        ("answers/b.yaml", 2, 11),
        ("answers/b.yaml", 3, 12),
        ("menus.yaml", 3, 23),
        ("menus.yaml", 4, 23),
    ]


def test_an_unreadable_file_casts_no_doubt_on_references_to_what_it_may_hold(a_folder) -> None:
    files = {"answers/a.yaml": "- a\nb: c\n", "answers/b.yaml": f"{ENTRY}    related: [elsewhere]\n"}

    problems = told(a_folder({**files, "menus.yaml": "version: 1\nold_keys: {A: browse:别处, B: brows}\n"}))

    assert len(problems) == 2
    assert problems[0].startswith("answers/a.yaml:2:1: ")
    assert "brows" in problems[1]


def test_a_broken_entry_still_exists_for_those_that_refer_to_it(a_folder) -> None:
    text = f"{ENTRY}    related: [b]\n  - {{id: b, question: x, answer: []}}\n"

    assert len(told(a_folder({"answers/a.yaml": text}))) == 1


def test_unreadable_menus_do_not_hide_what_is_wrong_with_the_answers(a_folder) -> None:
    problems = told(a_folder({"menus.yaml": "- a\nb: c\n", "answers/a.yaml": f"{ENTRY}    related: [b]\n"}))

    assert [problem.split(":")[0] for problem in problems] == ["answers/a.yaml", "menus.yaml"]


def test_the_first_of_two_with_one_id_is_named_across_files(a_folder) -> None:
    problems = told(a_folder({"answers/a.yaml": ENTRY, "answers/b.yaml": ENTRY.replace("怎么登录", "另一句")}))

    assert problems == ["answers/b.yaml:3:9: id「a」和 answers/a.yaml 第 3 行的重复。请换一个 id"]


REGISTER = "official: {links: [a.com, b.com, c.com, d.com]}\n"


def test_conditional_menus_may_link_to_three_domains_in_all(a_folder) -> None:
    buttons = [f'{{name: b, action: "url:https://{host}.com"}}' for host in "abcd"]
    menus = "".join(f"  - {{match: {{tag: {n}}}, menu: [{button}]}}\n" for n, button in enumerate(buttons))
    text = f"version: 1\nmenu: [{{name: a, action: browse}}]\nconditional_menus:\n{menus}{REGISTER}"

    problems = told(a_folder({"menus.yaml": text}))

    assert len(problems) == 1
    assert problems[0].startswith("menus.yaml:3:1: 个性化菜单里的链接用了 4 个域名，微信最多允许 3 个")


def test_a_link_may_be_longer_than_a_key(a_folder) -> None:
    url = f"https://a.com/{'x' * 900}"

    assert told(a_folder({"menus.yaml": f'version: 1\nmenu: [{{name: a, action: "url:{url}"}}]\n{REGISTER}'})) == []


def test_exploding_aliases_are_refused_before_they_explode(a_folder) -> None:
    levels = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    levels += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefghijk", "bcdefghijkl", strict=True)]

    problems = told(a_folder({"answers/a.yaml": "\n".join(levels)}))

    assert problems == ["answers/a.yaml:5:8: 引用（*）层层展开，内容太多。请把内容直接写出来，不用引用"]


def test_nesting_that_would_exhaust_the_parser_is_refused(a_folder) -> None:
    assert "嵌套超过" in told(a_folder({"answers/a.yaml": "[" * 200_000}))[0]


def test_warnings_alone_do_not_stop_loading(a_folder) -> None:
    content = load(a_folder({"answers/a.yaml": said("好" * 2000)}))

    assert [problem.severity for problem in content.warnings] == ["warning"]


def test_with_a_register_what_is_not_in_it_is_an_error_at_every_place(a_folder) -> None:
    entries = [
        "{id: a, question: 打 400-111-2222 吗, answer: 打 400-111-2222}",
        "{id: b, question: q, answer: 见 www.evil.com}",
    ]
    answers = "category: x\nanswers:\n" + "".join(f"- {entry}\n" for entry in entries)

    phone, link = told(a_folder({"menus.yaml": "version: 1\nofficial: {}\n", "answers/a.yaml": answers}))

    assert phone.startswith(
        "answers/a.yaml:3:49: 电话「400-111-2222」没有登记为官方。确实是官方的，就写进 menus.yaml 的 contacts"
    )
    assert link.startswith(
        "answers/a.yaml:4:34: 链接「www.evil.com」没有登记为官方。确实是官方的，就把域名写进 menus.yaml"
    )


def test_what_the_contact_book_and_the_register_name_is_fine(a_folder) -> None:
    menus = (
        "version: 1\naccount: {name: 云笺}\ncontacts: {phones: [{name: a, number: 400-111-2222}]}\n"
        "official: {phones: ['110'], links: [example.com], accounts: [云笺助手]}\n"
        "welcome: {text: '打 4001112222，报警拨 110，看 https://www.example.com/a，关注公众号「云笺」「云笺助手」'}\n"
    )

    assert told(a_folder({"menus.yaml": menus})) == []


def test_a_domain_is_written_without_the_rest_of_the_link(a_folder) -> None:
    problems = told(a_folder({"menus.yaml": "version: 1\nofficial: {links: ['https://example.com/a']}\n"}))

    assert problems == [
        "menus.yaml:2:20: 「https://example.com/a」不是域名。只写域名，例如 example.com，下级域名会一并算上"
    ]
