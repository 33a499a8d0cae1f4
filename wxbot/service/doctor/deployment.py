"""What belongs to this deployment: data folder, media store, the followers' page, and the ways to tell staff."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from wxbot.domain.account import AccountType, Capability
from wxbot.domain.script import Script
from wxbot.errors import MediaUnavailable, NoticeError, SpareWayFailed
from wxbot.service.doctor.finding import Finding, doubt, fault, fine
from wxbot.service.doctor.ports import Host
from wxbot.service.keeper import MediaShelf
from wxbot.service.ports import Notifier

FREE_DOUBT, FREE_FAULT = 1 << 30, 200 << 20
"""Bytes: the log of a Redis and a week of pictures take more than the former."""
TEST_TITLE, TEST_TEXT = "wxbot 测试通知", "这是 wxbot doctor 发的测试，看到它说明通知是通的。"


def look_at_folder(data: Path, host: Host) -> Iterator[Finding]:
    """Where menus, content, media and the embedded Redis are kept."""
    state = host.folder(data)
    if state.trouble:
        yield fault(f"数据文件夹 {data} 写不进去（{state.trouble}）", "检查 WXBOT_DATA 的路径、权限和磁盘")
        return
    if state.open:
        yield doubt(f"数据文件夹 {data} 别的用户也能改", f"运行 chmod o-w,g-w {data}")
    free = f"{state.free / 2**30:.1f} GB"
    if state.free < FREE_DOUBT:
        text, cure = f"磁盘只剩 {free}", "清理磁盘，或把 WXBOT_DATA 换到更大的盘"
        yield fault(text, cure) if state.free < FREE_FAULT else doubt(text, cure)
    elif not state.open:
        yield fine(f"{data} {'可以写' if state.exists else '还没有，启动时会建'}，磁盘还有 {free}")


def look_at_media(address: str, shelf: MediaShelf) -> Iterator[Finding]:
    """Put a file there, read it and remove it. address: as operators set it, '' for the data folder."""
    if not address:
        yield fine("在数据文件夹里")
        return
    probe = secrets.token_bytes(32)
    try:
        path = shelf.put(probe, ".probe")
        try:
            came_back = shelf.get(path) == probe
        finally:
            shelf.delete(path)
    except MediaUnavailable:
        came_back = False
    if came_back:
        yield fine("能写、能读、能删")
    else:
        yield fault("用户发的图片、语音、视频存不好", "检查 WXBOT_MEDIA 的地址和权限，装上对应的包")


def look_at_page(script: Script, url: str) -> Iterator[Finding]:
    """Where followers see their tickets in a browser. url: '' where there is none."""
    if url and not script.can(Capability.PAGE_LOGIN):
        text = f"menus.yaml 写的是{script.account_type}，微信不让它用网页登录，没有人进得去"
        yield doubt(text, f"去掉 WXBOT_PUBLIC_URL；其实是{AccountType.VERIFIED_SERVICE}就改 menus.yaml 的 account.type")
    else:
        yield fine(f"在 {url}" if url else "没有开")


def look_at_notices(script: Script, notifier: Notifier, *, send_test: bool) -> Iterator[Finding]:
    """Where staff hear of things. send_test: say something there."""
    channels = notifier.channels
    wanted = {channel for chosen in script.notices.values() for channel in chosen}
    for channel in sorted(wanted - set(channels)):
        cure = f"设置对应的 NOTICE_… 变量，或从 menus.yaml 的 notices 里去掉 {channel}"
        yield fault(f"menus.yaml 的 notices 用了 {channel}，但没有配置", cure)
    if not channels:
        missing = "没有配置工作人员的通知，有人要人工、有新工单时没有人知道"
        yield doubt(missing, "设置 NOTICE_WECOM_URL、NOTICE_DINGTALK_URL、NOTICE_FEISHU_URL 或 NOTICE_EMAIL_TO")
        return
    if not send_test:
        yield fine(f"配置了 {'、'.join(channels)}；加 --send-test 发一条测试通知")
        return
    for channel in channels:
        yield _tried(notifier, channel)


def _tried(notifier: Notifier, channel: str) -> Finding:
    try:
        notifier.post(channel, TEST_TITLE, TEST_TEXT, id="doctor")
    except NoticeError as error:
        return fault(f"{channel} 的测试通知发不出去：{error}", "核对机器人的地址、关键词和加签密钥，或邮件服务器的设置")
    return fine(f"{channel} 的测试通知发出去了，请看一眼收到没有")


def look_at_spare_ways(script: Script, log_in: Callable[[], None] | None, *, texts: bool) -> Iterator[Finding]:
    """
    Mail and short messages in place of what WeChat does not let through.

    log_in: to the mail server, raises SpareWayFailed; None where there is none. texts: the SMS hook is configured.
    """
    findings = list(_unconfigured(script, mail=log_in is not None, texts=texts))
    yield from findings
    if log_in:
        try:
            log_in()
            yield fine("邮件服务器可以登录")
        except SpareWayFailed as error:
            yield fault(str(error), "核对 SMTP_URL 的主机、端口、用户和密码（很多邮箱要用授权码）")
    elif not findings:
        yield fine("没有用邮件和短信")


def _unconfigured(script: Script, *, mail: bool, texts: bool) -> Iterator[Finding]:
    if script.spare_ways.email and not mail:
        yield fault("menus.yaml 的 outbound 用了邮件，但没有配置", "设置 SMTP_URL")
    if script.spare_ways.sms and not texts:
        yield fault("menus.yaml 的 outbound 用了短信，但没有配置", "设置 SMS_HOOK_URL 和 SMS_HOOK_SECRET")
