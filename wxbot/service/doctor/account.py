"""The account at WeChat: key, clock, kind, agents, menu, templates, quotas (protocol 4, 5, 6)."""

from collections.abc import Callable, Iterator

from wxbot.domain.account import AccountType, Capability
from wxbot.domain.hours import is_open
from wxbot.domain.script import Script
from wxbot.errors import WeChatError
from wxbot.service import menus
from wxbot.service.doctor.cures import DESK, PERMISSIONS, TEMPLATES, VERIFICATION
from wxbot.service.doctor.finding import Finding, doubt, fault, fine
from wxbot.service.doctor.ports import Account
from wxbot.service.ports import AgentsDesk, Clock

NOT_ALLOWED = 48001
NO_QUOTA_TOLD = frozenset({NOT_ALLOWED, 76021, 76022})
"""Calls that this account has no limit for, or may not make."""

SKEW_FAULT_S, SKEW_DOUBT_S = 300.0, 10.0
"""Requests are refused when their timestamp lies ten minutes from our clock, on either side."""

QUOTAS = {
    "/cgi-bin/message/custom/send": "客服消息",
    "/cgi-bin/message/template/send": "模板消息",
    "/cgi-bin/menu/create": "发布菜单",
    "/cgi-bin/media/get": "下载素材",
    "/cgi-bin/stable_token": "取 token",
}
LEFT_DOUBT = 0.2
"""Part of a day's calls below which they may run out today."""


def look_at_key(account: Account) -> Iterator[Finding]:
    account.callback_ips()
    yield fine("AppID 和 AppSecret 有效，这台机器在 IP 白名单里")


def look_at_clock(account: Account, clock: Clock) -> Iterator[Finding]:
    asked = clock()
    theirs = account.server_time()
    skew = (asked + clock()) / 2 - theirs
    if abs(skew) < SKEW_DOUBT_S:
        yield fine("和微信的时间一致")
        return
    text = f"这台机器的时间{'快' if skew > 0 else '慢'}了 {abs(skew):.0f} 秒"
    cure = "打开时间同步（timedatectl set-ntp true）；差 10 分钟以上时微信的消息会全部被拒绝"
    yield fault(text, cure) if abs(skew) >= SKEW_FAULT_S else doubt(text, cure)


def look_at_kind(script: Script, account: Account) -> Iterator[Finding]:
    """What WeChat allows, against what `account.type` says."""
    declared = script.account_type
    verified, service = _is_allowed(account.menu_get), _is_allowed(account.templates)
    change = "把 menus.yaml 的 account.type 写成「{}」"
    if script.can(Capability.MENU_API) and not verified:
        cure = f"完成微信认证；不打算认证就{change.format(AccountType.UNVERIFIED)}"
        text = f"menus.yaml 写的是{declared}，但微信不给菜单接口的权限（错误码 {NOT_ALLOWED}）"
        yield Finding("fault", text, cure, VERIFICATION, NOT_ALLOWED)
    elif script.can(Capability.TEMPLATE_MESSAGE) and not service:
        text = f"menus.yaml 写的是{declared}，但微信不给模板消息的权限（错误码 {NOT_ALLOWED}），看起来是订阅号"
        cure = f"订阅号就{change.format(AccountType.VERIFIED_SUBSCRIPTION)}；服务号就在「接口权限」里开通模板消息"
        yield Finding("fault", text, cure, PERMISSIONS, NOT_ALLOWED)
    elif verified and not script.can(Capability.MENU_API):
        actual = AccountType.VERIFIED_SERVICE if service else AccountType.VERIFIED_SUBSCRIPTION
        yield doubt(f"menus.yaml 写的是{declared}，但微信给了认证账号的权限", change.format(actual))
    elif service and not script.can(Capability.TEMPLATE_MESSAGE):
        text = f"menus.yaml 写的是{declared}，但微信给了服务号的权限"
        yield doubt(text, change.format(AccountType.VERIFIED_SERVICE))
    else:
        yield fine(f"是{declared}，和 menus.yaml 一致")


def _is_allowed(call: Callable[[], object]) -> bool:
    try:
        call()
    except WeChatError as error:
        if error.code != NOT_ALLOWED:
            raise
        return False
    return True


def look_at_agents(script: Script, desk: AgentsDesk, now: int) -> Iterator[Finding]:
    if not script.has_people:
        yield fine("menus.yaml 里没有人工客服，不用检查")
        return
    names = desk.agent_names()
    if not names:
        cure = "添加客服；没有人工客服就在 menus.yaml 里写 human: {enabled: false}"
        yield fault("客服功能已开通，但还没有客服", cure, DESK)
        return
    grouped = {account for group in script.staffing.groups.values() for account in group}
    if unknown := sorted(grouped - names.keys()):
        cure = "改成客服功能里有的账号，或在那里添加"
        yield fault(f"menus.yaml 的 human.groups 里有不存在的客服：{'、'.join(unknown)}", cure, DESK)
    yield _presence(script, desk, len(names), now)


def _presence(script: Script, desk: AgentsDesk, agents: int, now: int) -> Finding:
    online, waiting = desk.online_agents(), desk.queue().count
    if online:
        return fine(f"{agents} 位客服，{len(online)} 位在线，{waiting} 人排队")
    if not is_open(script.hours, now):
        return fine(f"{agents} 位客服，现在不在服务时间，没有人在线")
    return doubt("现在是服务时间，但没有客服在线", "请客服登录客服工作台并设为在线", DESK)


def look_at_menu(script: Script, account: Account) -> Iterator[Finding]:
    if not script.can(Capability.MENU_API):
        yield fine("未认证的账号不能用接口发布菜单，请在公众平台手工设置")
        return
    if not script.menu.buttons:
        yield doubt("menus.yaml 里没有声明底部菜单", "写上 menu；线上已有菜单的话，用 wxbot menu pull --write 拿过来")
        return
    difference = menus.diff(script.menu, account)
    if difference.same:
        conditional = len(script.menu.conditional)
        yield fine("线上菜单和 menus.yaml 一致" + (f"，个性化菜单 {conditional} 个" if conditional else ""))
        return
    reason = "；".join(difference.notes) or "线上菜单和 menus.yaml 不一样"
    yield doubt(reason, "用 wxbot menu diff 看差别，用 wxbot menu push 发布")


def look_at_templates(script: Script, account: Account) -> Iterator[Finding]:
    """Only what the files use."""
    template = script.spare_ways.template
    if template is None:
        yield fine("menus.yaml 没有用模板消息")
    elif template.id in (titles := account.templates()):
        yield fine(f"模板「{titles[template.id]}」还在")
    else:
        cure = "把 outbound.template.id 改成「模板消息」里有的编号"
        yield fault(f"menus.yaml 用的模板 {template.id} 不在公众号里", cure, TEMPLATES)


def look_at_quotas(account: Account) -> Iterator[Finding]:
    """Today's calls (protocol 6.1)."""
    known = 0
    for path, name in QUOTAS.items():
        try:
            quota = account.quota(path)
        except WeChatError as error:
            if error.code not in NO_QUOTA_TOLD:
                raise
            continue
        known += 1
        yield from _shortage(name, quota.left, quota.limit)
    yield fine(f"查了 {known} 个接口今天的额度") if known else doubt("微信没有告诉额度", "不影响使用，不用处理")


def _shortage(name: str, left: int, limit: int) -> Iterator[Finding]:
    cure = "到零点恢复；要马上恢复，在「接口权限」里清零（每月 10 次）"
    if left <= 0 < limit:
        yield Finding("fault", f"「{name}」今天的 {limit} 次用完了（错误码 45009）", cure, PERMISSIONS, 45009)
    elif left < limit * LEFT_DOUBT:
        yield doubt(f"「{name}」今天只剩 {left} 次，共 {limit} 次", cure, PERMISSIONS)


def look_at_way(account: Account) -> Iterator[Finding]:
    """WeChat's own test of the network between it and us (protocol 6.1)."""
    way = account.way_to_us()
    if not way.addresses:
        yield fault("微信查不到服务器域名的地址", "检查域名的 DNS 解析，国内各家运营商都要能查到")
        return
    lost = [where for where, per_cent in way.lost.items() if per_cent >= 100]
    if way.lost and len(lost) == len(way.lost):
        yield doubt("微信 ping 不通服务器", "服务器本来就不回 ping 的话不用处理；否则检查防火墙和安全组")
    else:
        yield fine(f"微信能找到服务器：{'、'.join(way.addresses)}")
