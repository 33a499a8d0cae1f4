"""A guide with a way back and three ends, and a form with a field of every kind."""

from typing import Any

from tests.factories import Chat, a_script
from wxbot.domain.action import Action
from wxbot.domain.flow import Choice, Field, Form, Guide, Step
from wxbot.domain.script import Script

CANNOT_OPEN = Guide(
    "cannot-open",
    "文件打不开",
    {
        "version": Step(
            "version",
            "您的版本是最新的吗？",
            (Choice("是", "restart", words=frozenset({"是的"})), Choice("不是", "update")),
        ),
        "restart": Step(
            "restart",
            "请重启后再试。解决了吗？",
            (Choice("解决了"), Choice("还是不行", action=Action("ticket", "problem"))),
        ),
        "update": Step(
            "update",
            "请先更新到最新版本。解决了吗？",
            (
                Choice("解决了"),
                Choice("不会更新", action=Action("answer", "refund")),
                Choice("还是不行", action=Action("human", "打不开")),
            ),
        ),
    },
    frozenset({"排查文件打不开"}),
)

PROBLEM = Form(
    "problem",
    "反馈问题",
    (
        Field("description", "请描述问题", "text", "问题描述", min=5, max=200),
        Field("system", "什么系统？", "choice", "系统", choices=("Windows", "macOS", "iOS", "Android")),
        Field("version", "版本号是多少？", "version", "版本", optional=True),
        Field("when", "什么时候出现的？", "datetime", "时间", past=True),
        Field("contact", "请留手机号", "phone", "手机号", remember=True),
        Field("shots", "请发截图", "pictures", "截图", optional=True, max=3),
    ),
    type="技术问题",
    intro="我来帮您反馈。",
    words=frozenset({"我要反馈"}),
)

ADVICE = Form(
    "advice", "提建议", (Field("idea", "有什么建议？", "text", "建议"),), confirm=False, done="谢谢！{number}"
)


def a_flow_script(**changes: Any) -> Script:
    forms = {form.id: form for form in (PROBLEM, ADVICE)}
    return a_script(**{"guides": {CANNOT_OPEN.id: CANNOT_OPEN}, "forms": forms, **changes})


def a_chat(*words: str, **changes: Any) -> Chat:
    """A talk in which these words were said."""
    chat = Chat(a_flow_script(**changes))
    for text in words:
        chat.says(text)
    return chat


FILLED = ("我要反馈", "打开文件就闪退", "windows", "12.1.0", "昨天下午3点", "13812341234", "跳过")
"""Up to where all answers are shown."""
