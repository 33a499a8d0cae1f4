"""The settings themselves: there, plausible, and fit for a real account (protocol 1.1, 1.3, 1.4)."""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from wxbot.service.doctor.cures import BASICS
from wxbot.service.doctor.finding import Finding, doubt, fault, fine
from wxbot.settings import OFFICIAL_API, Settings

WEAK_TOKENS = frozenset({"token", "weixin", "wechat", "wxbot", "test", "123456", "12345678", "abc123", "aaaaa"})
TOKEN_CHARACTERS = 8
"""Whoever guesses a shorter token can sign requests in WeChat's name."""

EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "WECHAT_APPID": "形如 wx0123456789abcdef，从后台照抄",
        "WECHAT_APPSECRET": "是后台生成的 32 位密钥，中间没有空格",
        "WECHAT_TOKEN": "是 3 到 32 位字母和数字，和后台的「令牌」一致",
        "WECHAT_AES_KEY": "正好 43 位字母和数字，和后台的「消息加解密密钥」一致",
        "WECHAT_AES_KEY_PREVIOUS": "正好 43 位字母和数字，是更换之前的那一把",
        "WECHAT_MODE": "写 plain、compatible 或 safe，和后台的「消息加解密方式」一致",
        "WECHAT_ACCOUNT": "形如 gh_0123456789ab，是后台的「原始 ID」",
        "WECHAT_API_BASE": "以 http:// 或 https:// 开头；真实的公众号不用设置",
        "REDIS_URL": "以 redis://、rediss:// 或 unix:// 开头",
        "SMS_HOOK_URL": "以 http:// 或 https:// 开头，并且同时设置 SMS_HOOK_SECRET",
        "SMS_HOOK_SECRET": "是 16 到 200 位、没有空格的密钥",
        "BINDING_HOOK_URL": "以 http:// 或 https:// 开头，并且同时设置 BINDING_HOOK_SECRET",
        "BINDING_HOOK_SECRET": "是 16 到 200 位、没有空格的密钥",
        "WXBOT_PUBLIC_URL": "形如 https://bot.example.com，只写协议和域名",
        "SECRET_KEY": "是 32 到 256 位、没有空格的随机密钥",
        "LOG_LEVEL": "写 DEBUG、INFO、WARNING 或 ERROR",
        "LOG_FORMAT": "写 text 或 json",
        "TZ": "写时区的名字，例如 Asia/Shanghai",
        "WXBOT_CONTENT": "写 files 或 published",
        "WXBOT_CLOCK": "写 machine；wechat 只用于演练",
        "NOTICE_WECOM_URL": "是企业微信群机器人的 http(s) 地址",
        "NOTICE_DINGTALK_URL": "是钉钉群机器人的 http(s) 地址",
        "NOTICE_DINGTALK_SECRET": "是机器人的加签密钥，SEC 开头",
        "NOTICE_FEISHU_URL": "是飞书群机器人的 http(s) 地址",
        "NOTICE_FEISHU_SECRET": "是机器人的签名校验密钥",
        "NOTICE_EMAIL_TO": "是邮箱地址，几个用逗号隔开，并且同时设置 SMTP_URL",
        "SMTP_URL": "形如 smtps://用户:密码@主机:465?from=bot@example.com",
    }
)
"""What each variable has to be, for who wrote it otherwise."""


def variable_of(problem: str) -> str:
    """The variable that a problem of `SettingsError` is about, without `_FILE`."""
    return problem.partition(" ")[0].removesuffix("_FILE")


def broken(problems: Sequence[str]) -> Iterator[Finding]:
    """Variables that cannot be used, and count as missing from here on."""
    for name in dict.fromkeys(map(variable_of, problems)):
        told = "\n".join(problem for problem in problems if variable_of(problem) == name)
        if f"{name}_FILE cannot" in told:
            cure = f"它指向的文件读不了，检查路径和权限：{name}_FILE"
        elif f"{name} and {name}_FILE" in told:
            cure = f"{name} 和 {name}_FILE 只留一个"
        else:
            cure = f"{name} {EXPECTED.get(name, '写错了')}"
        yield fault(f"环境变量 {name} 不能用", cure)


def look_at_settings(settings: Settings, problems: Sequence[str]) -> Iterator[Finding]:
    """problems: of `SettingsError`, by which some variables had to be left out."""
    findings = [*broken(problems), *_missing(settings, set(map(variable_of, problems))), *_implausible(settings)]
    yield from findings or [fine(f"AppID、AppSecret、Token、AESKey 都设置了，模式是 {settings.mode}")]


def _missing(settings: Settings, known: set[str]) -> Iterator[Finding]:
    """known: what is reported already."""
    needed = {
        "WECHAT_APPID": settings.appid,
        "WECHAT_APPSECRET": settings.appsecret,
        "WECHAT_TOKEN": settings.token,
        "WECHAT_AES_KEY": settings.aes_key or settings.mode == "plain",
    }
    for name, value in needed.items():
        if not value and name not in known:
            yield fault(f"没有设置 {name}", f"从后台抄来写进环境变量：{EXPECTED[name]}", BASICS)
    if settings.public_url and not settings.secret_key and "SECRET_KEY" not in known:
        text = "设置了 WXBOT_PUBLIC_URL，但没有设置 SECRET_KEY，进程起不来"
        yield fault(text, "运行 openssl rand -hex 32，把得到的一行写进环境变量 SECRET_KEY")


def _implausible(settings: Settings) -> Iterator[Finding]:
    token = settings.token
    if token and (len(token) < TOKEN_CHARACTERS or token.lower() in WEAK_TOKENS):
        yield doubt("Token 太容易猜", "换成 16 位以上的随机字母和数字，后台和 WECHAT_TOKEN 一起改", BASICS)
    if settings.mode == "plain":
        cure = "后台改成「安全模式」，WECHAT_MODE 改成 safe，并设置 WECHAT_AES_KEY"
        yield doubt("明文模式下消息没有签名，截到一次请求就能伪造用户的消息", cure, BASICS)
    if settings.mode == "compatible":
        yield doubt("兼容模式只为切换准备", "确认收发正常后，后台改成「安全模式」，WECHAT_MODE 改成 safe", BASICS)
    yield from _keys(settings)
    if settings.api_base == OFFICIAL_API:
        yield from _for_rehearsals_only(settings)


def _keys(settings: Settings) -> Iterator[Finding]:
    key, previous = settings.aes_key, settings.aes_key_previous
    # The last of 43 characters carries four bits, so keys that differ in its low two are one key (protocol 1.4).
    if key and previous and _decoded(key) == _decoded(previous):
        yield doubt("WECHAT_AES_KEY_PREVIOUS 和现在的密钥是同一把", "填更换之前的那一把；没有更换过就删掉")


def _decoded(key: str) -> bytes:
    return b64decode(f"{key}=")


def _for_rehearsals_only(settings: Settings) -> Iterator[Finding]:
    if settings.clock == "wechat":
        yield fault("WXBOT_CLOCK=wechat 只用于演练", "删掉 WXBOT_CLOCK")
    if settings.appsecret and not re.fullmatch(r"[0-9a-f]{32}", settings.appsecret):
        yield doubt("WECHAT_APPSECRET 不像 32 位的密钥", "核对有没有抄漏、抄错", BASICS)
