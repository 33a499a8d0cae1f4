"""
Content folders broken as people break them, through the command.

Each row: the files that differ from a sound folder, and what must be told: `file:line` and words of the sentence or
its cure. Every line of a row is told in one run.
"""

import re

import pytest
from click.testing import CliRunner

from wxbot.entrypoints.cli import cli

MENUS = "version: 1\naccount:\n  name: 云笺\n"
ANSWERS = """\
category: 账号
answers:
  - id: login
    question: 怎么登录
    answer: 打开首页，点右上角
  - id: password
    question: 忘记密码
    answer: |
      第一步
      第二步
"""
A, M = "answers/a.yaml", "menus.yaml"


def answers(old: str, new: str) -> dict[str, str | bytes]:
    assert old in ANSWERS
    return {A: ANSWERS.replace(old, new)}


def menus(text: str) -> dict[str, str | bytes]:
    return {M: MENUS + text}


def guide(steps: str) -> dict[str, str | bytes]:
    return menus(f"guides:\n  open:\n    name: 打不开\n    words: [打不开怎么办]\n    steps:\n{steps}")


SOUND_STEP = "      - {id: a, text: 好了吗, choices: [{label: 好了, end: solved}]}\n"

FOLDERS: tuple[tuple[str, dict[str, str | bytes], dict[str, str]], ...] = (
    # signs of the wrong width
    ("full-width colon", answers("question: 怎么登录", "question：怎么登录"), {f"{A}:4": "请用半角冒号加一个空格"}),
    ("full-width dash", answers("- id: login", "－ id: login"), {f"{A}:3": "请用半角的减号"}),
    ("long dash", answers("- id: login", "— id: login"), {f"{A}:3": "请用半角的减号"}),
    ("full-width indent", answers("  - id: login", "　- id: login"), {f"{A}:3": "缩进只能用半角空格"}),
    ("full-width space", answers("id: login", "id:　login"), {f"{A}:3": "请改成半角空格"}),
    ("full-width brackets", answers("answer: 打", "similar: ［甲，乙］\n    answer: 打"),
     {f"{A}:5": "应该用半角符号"}),
    ("full-width comma in list", answers("answer: 打", "similar: [甲，乙]\n    answer: 打"),
     {f"{A}:5": "请用半角逗号"}),
    ("full-width comma in braces", menus("menu:\n  - {name: 问，action: browse}\n"), {f"{M}:5": "请用半角逗号"}),
    ("quotes around a key", answers("category:", "“category”:"), {f"{A}:1": "去掉引号"}),
    ("colon of an action", menus("old_keys: {A: browse：账号}\n"), {f"{M}:4": "请改成半角冒号"}),
    ("colon of a weekday", menus("hours:\n  weekly:\n    周一：9:00-18:00\n    周二: 9:00-18:00\n"),
     {f"{M}:6": "请用半角冒号"}),
    # white space
    ("tab", answers("    question: 怎么登录", "\tquestion: 怎么登录"), {f"{A}:4": "缩进只能用空格"}),
    ("no space after colon", answers("id: login", "id:login"), {f"{A}:3": "写成“键: 值”"}),
    ("no space after dash", menus("human:\n  words:\n    - 找人\n    -客服小笺\n"), {f"{M}:7": "用“- ”开头"}),
    ("indented too little", answers("    question: 怎么登录", "   question: 怎么登录"), {f"{A}:4": "要左对齐"}),
    ("indented too far", menus("  welcome:\n    text: 您好\n").copy(), {f"{M}:4": "不认识的键「welcome」"}),
    ("block not indented", answers("      第一步\n      第二步", "    第一步\n    第二步"), {f"{A}:9": "多缩进两格"}),
    ("key inside a block", answers("      第二步", "      related: [login]"), {f"{A}:10": "和上面的键左对齐"}),
    ("text goes on below", answers("点右上角", "点右上角\n      提示: 先联网"), {f"{A}:6": "冒号后面写 |"}),
    # quotes and signs that YAML keeps for itself
    ("quote not closed", answers("怎么登录", '"怎么登录'), {f"{A}:4": "请在这段内容的结尾补上引号"}),
    ("quote closed early", answers("怎么登录", '"登录"不了'), {f"{A}:4": "整段放进单引号里"}),
    ("backslash", answers("怎么登录", '"C:\\data 在哪"'), {f"{A}:4": "改用单引号"}),
    ("two colons", answers("打开首页，", "提示: 打开首页，"), {f"{A}:5": "有冒号时，把整段内容放进半角引号里"}),
    ("number sign", answers("打开首页，", "按 #号键，"), {f"{A}:5": "会被当作注释"}),
    ("at sign", answers("打开首页", "@所有人"), {f"{A}:5": "把整段内容放进半角引号里"}),
    ("star", answers("打开首页", "*重要*"), {f"{A}:5": "把整段内容放进半角引号里"}),
    ("ampersand", answers("打开首页", "&login 打开首页"), {f"{A}:5": "把整段内容放进半角引号里"}),
    ("exclamation mark", answers("打开首页", "!注意"), {f"{A}:5": "把整段内容放进半角引号里"}),
    ("percent", answers("打开首页", "%50"), {f"{A}:5": "不能以 % 开头"}),
    ("square bracket", answers("打开首页", "[重要] 打开首页"), {f"{A}:5": "不能以 [ 开头"}),
    ("placeholder first", menus("welcome:\n  text: {name}，您好\n"), {f"{M}:5": "不能以 { 开头"}),
    ("bracket not closed", answers("answer: 打", "similar: [甲, 乙\n    answer: 打"), {f"{A}:5": "请补上 ]"}),
    ("space in an action", menus("menu:\n  - {name: 官网, action: url: https://a.cn}\n"), {f"{M}:5": "连着写"}),
    # keys and kinds
    ("misspelt key", answers("question: 忘", "qustion: 忘"),
     {f"{A}:7": "是不是想写「question」", f"{A}:6": "缺少 question"}),
    ("duplicate key", answers("answer: 打", "question: 登录\n    answer: 打"), {f"{A}:5": "第一次在第 4 行"}),
    ("key of another level", {A: f"{ANSWERS}similar: [甲]\n"}, {f"{A}:11": "写在 answers 的每一项里"}),
    ("key of another file", menus("answers: []\n"), {f"{M}:4": "写在 answers/ 文件夹的文件里"}),
    ("list where text belongs", answers("question: 怎么登录", "question: [怎么登录]"), {f"{A}:4": "应为一段文字"}),
    ("text where a list belongs", answers("answer: 打", "similar: 登录不了\n    answer: 打"),
     {f"{A}:5": "写成 [甲, 乙]"}),
    ("mapping where a list belongs", menus("menu:\n  name: 问\n  action: browse\n"), {f"{M}:5": "用“- ”开头"}),
    ("nothing behind the colon", answers("answer: 打开首页，点右上角", "answer:"), {f"{A}:5": "后面是空的"}),
    # ids and actions
    ("duplicate id", answers("id: password", "id: login"), {f"{A}:6": "请换一个 id"}),
    ("related to nothing", answers("answer: 打", "related: [pasword]\n    answer: 打"),
     {f"{A}:5": "是不是想写「password」"}),
    ("misspelt action", menus("menu: [{name: 问, action: brows}]\n"), {f"{M}:4": "是不是想写「browse」"}),
    ("no such category", menus("menu: [{name: 问, action: 'browse:帐号'}]\n"), {f"{M}:4": "没有名为「帐号」的分类"}),
    ("no such form", menus("menu: [{name: 问, action: 'ticket:problem'}]\n"),
     {f"{M}:4": "先在 menus.yaml 的 forms 里写它"}),
    ("no such text", menus("texts:\n  mis_first: 没听懂\n"), {f"{M}:5": "是不是想写「miss_first」"}),
    ("no such placeholder", menus("welcome:\n  text: |\n    您好，\n    欢迎来到{nmae}\n"),
     {f"{M}:7": "只能用 {name}"}),
    # hours
    ("a time for a span", menus("hours:\n  weekly:\n    周一: 9:00\n"), {f"{M}:6": "写成 9:00-18:00"}),
    ("a day of rest", menus("hours:\n  weekly:\n    周一: 9:00-18:00\n    周日: 休息\n"),
     {f"{M}:7": "休息的日子不用写"}),
    ("hours that never open", menus("hours:\n  weekly: {}\n"), {f"{M}:5": "一天也不开"}),
    # menus
    ("name too long", menus("menu: [{name: 常见问题大全, action: browse}]\n"), {f"{M}:4": "超过 16 字节"}),
    ("name the back office cuts", menus("menu: [{name: 常见大问题, action: browse}]\n"), {f"{M}:4": "4 个汉字"}),
    # guides and forms
    ("guide that never ends", guide("      - {id: a, text: 好了吗, choices: [{label: 没有, goto: a}]}\n"),
     {f"{M}:9": "怎么选都结束不了"}),
    ("form nobody gets to", menus("forms:\n  bug:\n    name: 反馈\n    fields: [{id: what, ask: 请描述}]\n"),
     {f"{M}:5": "没有办法打开「bug」"}),
    # registered names
    ("unregistered phone deep in a text",
     {A: ANSWERS.replace("      第二步", "      第二步\n      打 400-123-4567\n"), M: MENUS + "official: {}\n"},
     {f"{A}:11": "official.phones"}),
    ("unregistered link", {A: ANSWERS.replace("打开首页", "打开 evil.com"), M: MENUS + "official: {}\n"},
     {f"{A}:5": "official.links"}),
    # files
    ("byte-order mark and a mistake", {A: b"\xef\xbb\xbf" + ANSWERS.replace("id: login", "id:login").encode()},
     {f"{A}:3": "写成“键: 值”"}),
    ("GBK", {A: ANSWERS.encode("gbk")}, {f"{A}:1": "编码选 UTF-8"}),
    ("UTF-16", {M: MENUS.encode("utf-16")}, {f"{M}:1": "编码选 UTF-8"}),
    ("UTF-16 without a mark", {A: ANSWERS.encode("utf-16-le")}, {f"{A}:1": "UTF-16"}),
    ("merge conflict", {A: f"{ANSWERS}<<<<<<< HEAD\n=======\n>>>>>>> other\n"}, {f"{A}:11": "请留下要的那一份"}),
    ("empty file", {A: ""}, {f"{A}:1": "请写上 category 和 answers"}),
    ("empty menus", {M: "\n"}, {f"{M}:1": "最少写一行 version: 1"}),
    ("two documents", {A: f"{ANSWERS}---\n{ANSWERS}"}, {f"{A}:11": "请删掉这一行 ---"}),
    ("web page", {A: "<html><body>404</body></html>"}, {f"{A}:1": "应为一组“键: 值”"}),
    ("folder named like a file", {"answers/b.yaml/c.yaml": ANSWERS.replace("id: ", "id: x-").replace("怎么", "如何")},
     {"answers/b.yaml:1": "这是一个文件夹"}),
    ("hidden ending", {"answers/b.yaml.txt": ANSWERS}, {"answers/b.yaml.txt:1": "改名为 b.yaml"}),
    # several at once
    ("three mistakes of syntax in one file",
     {A: ANSWERS.replace("id: login", "id:login").replace("question: 忘", "question：忘")
         .replace("打开", "提示: 打开")},
     {f"{A}:3": "少一个空格", f"{A}:5": "两个“: ”", f"{A}:7": "全角"}),
    ("bad syntax and bad keys",
     {A: ANSWERS.replace("question: 怎么登录", "question：怎么登录") + "    simlar: [甲]\n    related: [nope]\n"},
     {f"{A}:4": "全角", f"{A}:11": "是不是想写「similar」", f"{A}:12": "没有 id 为「nope」的答案"}),
    ("all files at once",
     {A: ANSWERS.replace("id: password", "id: login"), "answers/b.yaml": "", "answers/c.yaml": ANSWERS.encode("gbk"),
      M: MENUS + "welcom: 您好\n"},
     {f"{A}:6": "重复", "answers/b.yaml:1": "空的", "answers/c.yaml:1": "GBK", f"{M}:4": "是不是想写「welcome」"}),
)  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), [row[1:] for row in FOLDERS], ids=[row[0] for row in FOLDERS])
def test_a_broken_folder_is_explained_with_its_cure(a_folder, files, expected) -> None:
    folder = a_folder({A: ANSWERS, M: MENUS, **files})

    result = CliRunner().invoke(cli, ["--content", str(folder), "check", "--strict"])

    told = [line for line in result.output.splitlines() if re.match(r"[^ ]+:\d+:\d+: ", line)]
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True), result.output
    for place, words in expected.items():
        assert any(line.startswith(f"{place}:") and words in line for line in told), result.output


def test_the_folder_they_are_made_of_is_sound(a_folder) -> None:
    result = CliRunner().invoke(cli, ["--content", str(a_folder({A: ANSWERS, M: MENUS})), "check", "--strict"])

    assert result.exit_code == 0, result.output


def test_there_are_at_least_sixty() -> None:
    assert len(FOLDERS) >= 60
