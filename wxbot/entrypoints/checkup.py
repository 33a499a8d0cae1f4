"""What `wxbot doctor` checks, wired: the account of the environment, or the rehearsal that runs on this machine."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from wxbot.adapters.content import Examined, examine
from wxbot.adapters.host import LocalHost
from wxbot.adapters.mail import SmtpMailer
from wxbot.adapters.redis.connect import connect
from wxbot.adapters.redis.probe import RedisProbe
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.wechat.api import WeChatApi
from wxbot.adapters.wechat.doorstep import HttpDoorstep
from wxbot.adapters.wechat.token import OwnVault
from wxbot.bootstrap import build_desk, build_media, build_notifier, with_redis
from wxbot.domain.script import Script
from wxbot.entrypoints.cli.check import linted
from wxbot.entrypoints.rehearsal import running, settings_here, time_of
from wxbot.errors import SettingsError, StoreUnavailable
from wxbot.service.doctor import account, address, configured, deployment, store
from wxbot.service.doctor.finding import Finding, fault
from wxbot.service.doctor.rounds import Check
from wxbot.service.ports import Clock
from wxbot.settings import Settings, load_settings

KEY, REDIS, ADDRESS = "密钥", "Redis", "消息接口"
"""Checks without which others can find nothing."""

Look = Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Patient:
    """
    What is checked.

    problems: of `SettingsError`, for which variables were left out. url: of the webhook, '' when nobody told it.
    rehearsal: it is on this machine, and the account is not a real one.
    """

    settings: Settings
    problems: tuple[str, ...]
    url: str
    rehearsal: bool

    @property
    def clock(self) -> Clock:
        """Of the workers, and of what followers are told."""
        by_platform = self.rehearsal and self.settings.clock == "wechat"
        return partial(time_of, self.settings.api_base) if by_platform else time.time


def patient(environ: Mapping[str, str], url: str) -> Patient:
    """url: '' for that of the rehearsal, if it is what is checked."""
    kept, problems = _usable(environ)
    settings = load_settings(kept)
    here = None if settings.appid else running(settings.data)
    settings = settings_here(kept)
    return Patient(settings, problems, url or (here.webhook if here else ""), _is_here(settings.api_base))


def _usable(environ: Mapping[str, str]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The variables that can be used, and what is wrong with the others."""
    try:
        load_settings(environ)
    except SettingsError as error:
        bad = set(map(configured.variable_of, error.problems))
        kept, more = _usable({n: value for n, value in environ.items() if n.removesuffix("_FILE") not in bad})
        return kept, (*error.problems, *more)
    return environ, ()


def _is_here(api_base: str) -> bool:
    host = urlsplit(api_base).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def checkup(found: Patient, folder: Path, *, send_test: bool) -> Iterator[list[Check]]:
    """The checks, in the order of the report; they may run while this block does."""
    examined = linted(examine(folder))
    script, settings = examined.loaded.script, found.settings
    first = Check("设置", lambda: configured.look_at_settings(settings, found.problems))
    with _store_checks(found) as store_checks:
        yield [
            first,
            *_account_checks(found, script),
            *_address_checks(found),
            *_local_checks(settings, examined, send_test=send_test),
            *store_checks,
        ]


def _account_checks(found: Patient, script: Script) -> Iterator[Check]:
    settings, clock = found.settings, found.clock
    api = WeChatApi(settings.appid, settings.appsecret, OwnVault(), api_base=settings.api_base)
    yield Check("时间", lambda: account.look_at_clock(api, time.time))
    if not (settings.appid and settings.appsecret):
        return
    yield Check(KEY, lambda: account.look_at_key(api))
    looks: dict[str, Look] = {
        "账号类型": lambda: account.look_at_kind(script, api),
        "推送线路": lambda: account.look_at_way(api),
        "人工客服": lambda: account.look_at_agents(script, api.desk, int(clock())),
        "底部菜单": lambda: account.look_at_menu(script, api),
        "模板消息": lambda: account.look_at_templates(script, api),
        "调用额度": lambda: account.look_at_quotas(api),
    }
    yield from (Check(name, look, after=KEY) for name, look in looks.items())


def _address_checks(found: Patient) -> Iterator[Check]:
    doorstep, url, here = HttpDoorstep(found.settings.token), found.url, found.rehearsal
    yield Check(ADDRESS, lambda: address.look_at_address(url, doorstep, time.time, rehearsal=here))
    if url:
        yield Check("网页进程", lambda: address.look_at_processes(url, doorstep, rehearsal=here), after=ADDRESS)


def _local_checks(settings: Settings, examined: Examined, *, send_test: bool) -> Iterator[Check]:
    script, texts = examined.loaded.script, bool(settings.sms_hook_url)
    notifier = build_notifier(settings)
    log_in = SmtpMailer(settings.smtp_url).log_in if settings.smtp_url else None
    yield Check("内容", lambda: deployment.look_at_content(examined.problems, len(script.answers)))
    yield Check("数据文件夹", lambda: deployment.look_at_folder(settings.data, LocalHost()))
    yield Check("媒体存储", lambda: deployment.look_at_media(settings.media, build_media(settings)))
    yield Check("用户的网页", lambda: deployment.look_at_page(script, settings.page_url))
    yield Check("工作人员的通知", lambda: deployment.look_at_notices(script, notifier, send_test=send_test))
    yield Check("邮件和短信", lambda: deployment.look_at_spare_ways(script, log_in, texts=texts))


@contextmanager
def _store_checks(found: Patient) -> Iterator[list[Check]]:
    """With the embedded server running, where that is what the deployment uses."""
    with ExitStack() as stack:
        try:
            ready = stack.enter_context(with_redis(found.settings))
            checks = list(_checks_of(ready, found.clock))
        except (StoreUnavailable, SettingsError) as error:
            absent = fault(f"内置的 Redis 起不来：{error}", "设置 REDIS_URL，或按提示安装、修好它")
            checks = [Check(REDIS, lambda: [absent])]
        yield checks


def _checks_of(ready: Settings, clock: Clock) -> Iterator[Check]:
    link = connect(ready.redis_url)
    probe, roster = RedisProbe(link, ready.appid), RedisQueue(link, ready.appid, clock=clock)
    yield Check(REDIS, lambda: store.look_at_redis(probe, time.time))
    if ready.appid:
        yield Check("后台任务", lambda: store.look_at_work(probe, roster, clock), after=REDIS)
        yield Check("失败的任务", lambda: store.look_at_failures(probe, build_desk(ready), clock), after=REDIS)
