"""How to mend what WeChat refuses: errcode → sentence → page of the back office."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wxbot.errors import WeChatError
from wxbot.service.doctor.finding import Finding

# Since the end of 2025 keys, whitelist and push address are set on the developers' platform ("服务端 API 调用说明").
BASICS = "微信开发者平台 → 我的业务 → 基础信息（或公众平台 → 设置与开发 → 开发接口管理 → 基本配置）"
PERMISSIONS = "公众平台 → 设置与开发 → 开发接口管理 → 接口权限"
VERIFICATION = "公众平台 → 设置与开发 → 微信认证"
DESK = "公众平台 → 客服功能"
TEMPLATES = "公众平台 → 模板消息"
PROGRAMS = "公众平台 → 小程序管理"
NEWS = "公众平台 → 通知中心"


@dataclass(frozen=True, slots=True)
class Cure:
    """page: of the back office, '' where it is not mended there. passes: time alone mends it."""

    text: str
    page: str = ""
    passes: bool = False


_WHITELIST = Cure("把这台机器的公网 IP 加进「API IP 白名单」，几分钟后生效", BASICS)
_SHARED = Cure("找出还在用这个 AppSecret 取 token 的程序，停掉它或改用 stable_token；找不到就重置 AppSecret", BASICS)
_ENABLE_DESK = Cure("开通客服功能并添加客服；没有人工客服就在 menus.yaml 里写 human: {enabled: false}", DESK)
_NEW_MEDIA = Cure("重新上传这个素材（要永久素材），把新的 media_id 写进答案")
_WAIT = Cure("不用处理：等用户再发消息时会补发；想早点通知到，在 menus.yaml 里写 outbound")

CURES: Mapping[int, Cure] = MappingProxyType(
    {
        # the account's key and address: protocol 6.1
        -1: Cure("微信那边忙，过几分钟再检查一次", passes=True),
        40001: _SHARED,
        40013: Cure("核对 WECHAT_APPID，和后台的 AppID 一字不差", BASICS),
        40014: _SHARED,
        40125: Cure("核对 WECHAT_APPSECRET；AppSecret 后台看不到原文，忘了就在「开发密钥」里重置，再更新这里", BASICS),
        40164: _WHITELIST,
        40243: Cure("AppSecret 被冻结了，在「开发密钥」里解冻，10 分钟后生效", BASICS),
        41002: Cure("设置 WECHAT_APPID", BASICS),
        41004: Cure("设置 WECHAT_APPSECRET 或 WECHAT_APPSECRET_FILE", BASICS),
        42001: _SHARED,
        45009: Cure("今天的次数到零点恢复；要马上恢复，在「接口权限」里清零（每月 10 次）", PERMISSIONS),
        45011: Cure("调用太密，过一分钟再检查一次", passes=True),
        50002: Cure("账号被限制，按通知里的说明申诉或解除", NEWS),
        50004: Cure("账号被禁止取 token，按通知里的说明申诉", NEWS),
        50007: Cure("账号被冻结，按通知里的说明申诉或解封", NEWS),
        61004: _WHITELIST,
        89501: Cure("请公众号管理员在微信里确认这次调用，再检查一次", NEWS),
        89503: Cure("请公众号管理员在微信里确认这次调用，再检查一次", NEWS),
        89506: Cure("管理员拒绝了这台机器：24 小时后再试，到时请管理员点同意", NEWS),
        89507: Cure("管理员拒绝了这台机器：1 小时后再试，到时请管理员点同意", NEWS),
        # what the account may do: protocol 0 and 7
        40200: Cure("这类公众号没有这个接口，核对 menus.yaml 的 account.type", PERMISSIONS),
        48001: Cure("完成微信认证；不打算认证就把 menus.yaml 的 account.type 写成实际的类型", VERIFICATION),
        48004: Cure("接口因为违规被封，按通知里的说明申诉", NEWS),
        40201: Cure("在「消息推送」里填服务器地址 https://你的域名/wechat 并启用", BASICS),
        # human agents: protocol 4.3
        61450: Cure("微信客服系统出错，过几分钟再检查一次", passes=True),
        65400: _ENABLE_DESK,
        65401: Cure("核对 menus.yaml 里 human.groups 的客服账号", DESK),
        65402: Cure("请客服在微信里接受邀请，绑定微信号", DESK),
        65415: Cure("请客服登录客服工作台并设为在线", DESK),
        # messages to followers: protocol 4.4, 6.3
        40003: Cure("这个用户不属于现在的公众号：换过 AppID 的话，旧用户的消息不能再发"),
        40007: _NEW_MEDIA,
        40037: Cure("把 menus.yaml 里 outbound.template.id 改成「模板消息」里有的编号", TEMPLATES),
        43004: Cure("用户没有关注，不用处理"),
        45002: Cure("把这条文字改短，客服消息最长 2048 字节，约 680 个汉字"),
        45015: _WAIT,
        45047: _WAIT,
        45064: Cure("把小程序和公众号关联", PROGRAMS),
        47003: Cure("让 outbound.template.fields 和模板里的每一项对上", TEMPLATES),
        48002: Cure("用户拒收了消息，不用处理"),
        50005: Cure("用户没有关注，不用处理"),
    }
)

_NETWORK = Cure("检查这台机器能不能访问 api.weixin.qq.com：DNS、防火墙、代理、证书")
_UNKNOWN = Cure("照错误码在微信官方文档的「全局返回码」里查原因")
_SEEN_ADDRESS = re.compile(r"(?:invalid ip|requestIP:) ([0-9a-fA-F:.]+)")
_TOLD_CODE = re.compile(r"错误码 (-?\d+)")


def told(error: WeChatError) -> Finding:
    """A refused or failed call, with its cure."""
    cure = _cure(error.code)
    text = cure.text
    if cure is _WHITELIST and (seen := _SEEN_ADDRESS.search(str(error))):
        text = text.replace("这台机器的公网 IP", f"微信看到的这台机器的地址 {seen[1]} ")
    return Finding("doubt" if cure.passes else "fault", str(error), text, cure.page, error.code)


def cure_in(reason: str) -> Cure | None:
    """For a reason that was noted as text; None where it names no code that can be mended."""
    code = _TOLD_CODE.search(reason)
    return CURES.get(int(code[1])) if code else None


def _cure(code: int | None) -> Cure:
    return _NETWORK if code is None else CURES.get(code, _UNKNOWN)
