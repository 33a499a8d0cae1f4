"""
Taking over what an account has already: its menu and the automatic replies that were made in the back office.

Server mode switches the latter off (protocol 7-23). The shapes are those of `get_current_autoreply_info` and
`get_current_selfmenu_info` (protocol 5.1; official pages 获取公众号的自动回复规则 and 查询自定义菜单信息, read
2026-11-22): pictures, voices and videos come as temporary media, good for three days. Texts are for operators.
"""

from wxbot.service.takeover.plan import Known, Plan, Wish, plan
from wxbot.service.takeover.reading import Account, AccountApi, media_in, read_account
from wxbot.service.takeover.replies import Carried, Medium
from wxbot.service.takeover.screen import REGISTERED
from wxbot.service.takeover.shelf import Taken

__all__ = [
    "REGISTERED",
    "Account",
    "AccountApi",
    "Carried",
    "Known",
    "Medium",
    "Plan",
    "Taken",
    "Wish",
    "media_in",
    "plan",
    "read_account",
]
