"""Signs that WeChat shows badly, each at its place in the text."""

import pytest

from wxbot.adapters.content import examine

TEXT = "category: 账号\nanswers:\n  - id: a\n    question: 怎么登录\n    answer: |\n      请看下面：\n      {}\n"


def told(folder) -> list[str]:
    return [str(problem) for problem in examine(folder).problems]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("先**重启**手机", 8, "“**重启**”的符号会原样显示"),
        ("## 第一步", 7, "“## 第一步”的 # 会原样显示"),
        ("见[帮助](weixin://a)", 8, '写成 <a href="weixin://a">帮助</a>'),
        ("一<br>二", 8, "请直接换行"),
        ("<b>重要</b>", 7, "只能用 <a href=…>"),
        ("甲&nbsp;乙", 8, "“&nbsp;”会原样显示"),
        ("第一步\\n第二步", 10, "不是换行"),
        ("您好{nickname}", 9, "{nickname} 不会被替换"),
        ("您好\ue415", 9, "显示不出来的符号"),
        ("您好\U0001fae1", 9, "太新"),
        ("一家\U0001f468\u200d\U0001f469\u200d\U0001f467", 9, "拆成几个"),
        ("零\u200b宽", 8, "看不见的字符"),
        ("related: [b]", 7, "成了上面文字的一部分"),
        ("<a>点这里</a>", 7, "没有写 href"),
        ('<a href="www">点这里</a>', 7, "「www」不是完整的网址"),
        ('<a href="tel:1" target="_blank">点</a>', 7, "微信不认识"),
        ("<a href=“tel:1”>点</a>", 7, "不是半角的双引号"),
        ('<a href="tel:1">点这里', 7, "链接没有结束"),
        ("点这里</a>", 10, "</a> 前面没有"),
    ],
)
def test_a_sign_is_told_where_it_stands(a_folder, line: str, column: int, words: str) -> None:
    problems = told(a_folder({"answers/a.yaml": TEXT.replace("{}", line)}))

    assert any(p.startswith(f"answers/a.yaml:7:{column}: 提醒：") and words in p for p in problems), problems


def test_what_wechat_understands_is_left_alone(a_folder) -> None:
    fine = '3 * 4，C:\\new，# 号键，{{x}}，a_b，👍，<a href="tel:1" data-miniprogram-appid="wx1">好</a>，提示：无'

    assert told(a_folder({"answers/a.yaml": TEXT.replace("{}", fine)})) == []


def test_the_second_of_two_equal_pieces_is_told_at_its_own_place(a_folder) -> None:
    problems = told(a_folder({"answers/a.yaml": TEXT.replace("{}", "**甲**\n      和**甲**")}))

    assert [problem.split(": ")[0] for problem in problems] == ["answers/a.yaml:7:7", "answers/a.yaml:8:8"]


def test_a_long_text_is_shown_how_it_will_split(a_folder) -> None:
    (problem,) = told(
        a_folder({"answers/a.yaml": TEXT.replace("{}", f"{'甲' * 600}，请先看这里。\n      {'乙' * 500}")})
    )

    assert "会分成 2 条发送：第 1 条到「甲甲甲甲甲，请先看这里。」为止" in problem
