"""What WeChat's refusals mean, and how every failed call becomes one `WeChatError` that gives no secret away."""

import re
import ssl
from collections.abc import Iterable
from typing import Literal

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from wxbot.errors import WeChatError

REJECTED_TOKEN = frozenset({40001, 40014, 42001})
"""A new token may help (protocol 6.1)."""
NO_MENU = 46003
ALREADY_TYPING = 45081
SENT_BEFORE = 45065
BAD_CODE, USED_CODE = 40029, 40163

_RETRYABLE = frozenset({-1, 45009, 45011, 61450}) | REJECTED_TOKEN

MEANINGS: dict[int, str] = {
    # any call: protocol 6.1
    -1: "微信系统繁忙，请稍后再试",
    40001: "access_token 无效或不是最新的，可能有别的程序在用同一个 AppSecret 取 token",
    40002: "grant_type 不对",
    40013: "AppID 不对，请检查 WECHAT_APPID",
    40014: "access_token 不合法",
    40125: "AppSecret 不对，请检查 WECHAT_APPSECRET",
    40164: "本机 IP 不在公众号后台的 IP 白名单里",
    40201: "公众号后台没有填服务器地址",
    40243: "AppSecret 已被冻结",
    41001: "没有带 access_token",
    41002: "没有带 AppID",
    41004: "没有带 AppSecret",
    42001: "access_token 已过期",
    45009: "今天的接口调用次数用完了",
    45011: "调用太频繁，请过一分钟再试",
    47001: "请求内容不是合法的 JSON",
    48001: "这个公众号没有该接口的权限（未认证的账号不能用接口发客服消息和建菜单）",
    48004: "接口因为违规被封禁",
    50002: "公众号受到限制，可能已冻结或注销",
    50004: "公众号被禁止取 token",
    50007: "公众号已被冻结",
    61004: "本机 IP 不在公众号后台的 IP 白名单里",
    89501: "取 token 有风险，已请管理员确认",
    89503: "取 token 有风险，等待管理员确认",
    89506: "取 token 被管理员拒绝，24 小时内不能再试",
    89507: "取 token 被管理员拒绝，1 小时内不能再试",
    # customer-service messages: protocol 4.4
    40003: "openid 不对，或不属于这个公众号",
    40007: "media_id 无效或已过期",
    40008: "消息类型不对",
    40033: "内容含有不允许的字符",
    40200: "这类公众号不能用该接口",
    43004: "用户没有关注公众号",
    44003: "图文消息是空的",
    44004: "消息内容是空的",
    45002: "消息太长",
    45008: "图文消息只能有一条",
    45015: "用户超过 48 小时没有互动，或已取消关注，不能再发客服消息",
    45047: "能发给这位用户的客服消息条数用完了，要等用户再发消息",
    45072: "输入状态的命令不对",
    45080: "30 秒内没有和用户往来消息，不能显示“正在输入”",
    ALREADY_TYPING: "已经在显示“正在输入”",
    SENT_BEFORE: "这条消息已经发过",
    40037: "模板消息的模板编号不对",
    47003: "模板消息的内容和模板对不上",
    48002: "用户拒收消息",
    50005: "用户没有关注公众号",
    70000: "未成年人保护，不能给该用户发消息",
    # pages: official page 网页授权
    BAD_CODE: "网页授权的 code 无效或已过期",
    USED_CODE: "网页授权的 code 已经用过",
    # menus: protocol 5.5
    40015: "菜单类型不对",
    40016: "一级菜单个数不对，应为 1 到 3 个",
    40017: "子菜单的个数或类型不对",
    40018: "菜单名长度不对",
    40019: "菜单按键值长度不对",
    40020: "菜单链接长度不对",
    40021: "菜单版本不对",
    40022: "菜单级数太多，最多两级",
    40023: "子菜单个数不对，应为 1 到 5 个",
    40024: "子菜单类型不对",
    40025: "子菜单名长度不对",
    40026: "子菜单按键值长度不对",
    40027: "子菜单链接长度不对，或没有链接",
    40028: "菜单用户不对",
    40054: "菜单链接不合法",
    40055: "子菜单链接不合法",
    40119: "菜单类型使用不当，例如小程序没有关联",
    40120: "子菜单类型使用不当，例如小程序没有关联",
    40155: "菜单链接不能指向别的公众号主页",
    45010: "创建菜单次数太多",
    45064: "小程序没有和公众号关联",
    46002: "没有这个版本的菜单",
    NO_MENU: "还没有菜单",
    65301: "没有这个个性化菜单",
    65302: "没有这个用户",
    65303: "要先有默认菜单，才能建个性化菜单",
    65304: "个性化菜单没有匹配条件",
    65305: "个性化菜单太多",
    65306: "这个公众号不能用个性化菜单",
    65307: "个性化菜单内容是空的",
    65308: "菜单项没有类型",
    65309: "个性化菜单功能没有开启",
    65316: "全部个性化菜单的外部域名超过 3 个",
    65317: "个性化菜单的链接不合法",
    65320: "个性化菜单只能按标签和客户端匹配，不能再用性别、地区、语言",
    # human agents: protocol 4.3
    61450: "微信客服系统出错，请稍后再试",
    61451: "客服接口参数不对",
    61452: "客服账号不对",
    61453: "客服账号已存在",
    61454: "客服账号名太长",
    61455: "客服账号名含有不允许的字符",
    61456: "客服账号太多",
    61457: "客服头像格式不对",
    61458: "用户正由别的客服接待",
    61459: "客服不在线",
    65400: "公众号还没有开通新版客服功能",
    65401: "客服账号不对",
    65402: "客服账号还没有绑定微信号",
    65403: "客服昵称不对",
    65404: "客服账号格式不对",
    65405: "客服账号太多",
    65406: "客服账号已存在",
    65407: "对方已经是本公众号的客服",
    65408: "已经邀请过这个微信号",
    65409: "微信号不对",
    65410: "对方绑定的客服账号太多",
    65411: "这个客服账号已有待接受的邀请",
    65412: "这个客服账号已经绑定了微信号",
    65413: "该用户没有会话",
    65414: "用户正由别的客服接待",
    65415: "客服不在线",
    65416: "查询条件不对",
    65417: "查询的时间段太长",
}

_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, ProxyError, ssl.SSLCertVerificationError)
_URL = re.compile(r"https?://\S+")
_RID = re.compile(r"rid: ?([0-9a-f-]{8,})")
_MESSAGE_LIMIT = 200


def refused(call: str, code: int, errmsg: str, *, secrets: Iterable[str]) -> WeChatError:
    """WeChat answered with an errcode. call: path of the API call. secrets: what must not show in the text."""
    meaning = MEANINGS.get(code, "微信拒绝了这次调用")
    rid = _RID.search(errmsg)
    message = _RID.sub("", _clean(errmsg, secrets)).strip()[:_MESSAGE_LIMIT]
    detail = "，".join(filter(None, [f"错误码 {code}", message, rid and f"rid: {rid[1]}"]))
    return WeChatError(f"{call}：{meaning}（{detail}）", code=code, retryable=code in _RETRYABLE)


def bad_status(call: str, status: int) -> WeChatError:
    """A gateway's failure (5xx) says nothing about the call behind it, so it may have taken effect."""
    broken = status >= 500
    return WeChatError(
        f"{call}：微信接口返回 HTTP {status}", retryable=broken or status == 429, delivered="maybe" if broken else "no"
    )


def unreadable(call: str) -> WeChatError:
    """An answer of 200 that is not JSON: an error page, or a proxy in between (protocol 6.4-7)."""
    return WeChatError(f"{call}：微信接口的返回不是 JSON，可能被代理或网关截住了", retryable=True, delivered="maybe")


def incomplete(call: str, missing: object) -> WeChatError:
    return WeChatError(f"{call}：微信接口的返回里缺少 {missing}", delivered="maybe")


def unreachable(call: str, error: requests.RequestException) -> WeChatError:
    """
    No answer at all.

    A broken connection counts as sent unless we know that it never came about: better one message less than one
    twice (protocol 4.4).
    """
    delivered: Literal["no", "maybe"] = "no" if _never_sent(error) else "maybe"
    kind = "等微信接口的回答超时" if isinstance(error, requests.ReadTimeout) else "和微信接口的连接中断"
    what = kind if delivered == "maybe" else "连不上微信接口，请检查网络、DNS 和证书"
    return WeChatError(f"{call}：{what}（{type(error).__name__}）", retryable=True, delivered=delivered)


def _never_sent(error: BaseException) -> bool:
    """Requests wraps urllib3's error, which wraps the socket's: look at each layer."""
    layer: object = error
    while isinstance(layer, BaseException):
        if isinstance(layer, (requests.ConnectTimeout, *_NEVER_SENT)):
            return True
        layer = getattr(layer, "reason", None) or next(iter(layer.args), None)
    return False


def _clean(text: str, secrets: Iterable[str]) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return " ".join(_URL.sub("", text).split())
