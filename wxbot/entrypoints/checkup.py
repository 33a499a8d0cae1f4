"""What `wxbot doctor` checks, wired: the account of the environment, or the rehearsal that runs on this machine."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from wxbot.adapters.content import ContentFolder, Examined, examine
from wxbot.adapters.host import LocalHost
from wxbot.adapters.mail import SmtpMailer
from wxbot.adapters.redis.connect import connect
from wxbot.adapters.redis.probe import RedisProbe
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.wechat.api import WeChatApi
from wxbot.adapters.wechat.doorstep import HttpDoorstep
from wxbot.adapters.wechat.token import OwnVault
from wxbot.bootstrap import build_desk, build_media, build_notifier, build_shelf, with_redis
from wxbot.domain.script import Script
from wxbot.entrypoints.cli.check import linted
from wxbot.entrypoints.rehearsal import running, settings_here, time_of
from wxbot.entrypoints.versions import examined_of, runner_line
from wxbot.errors import ContentError, SettingsError, StoreUnavailable
from wxbot.service.doctor import account, address, configured, content, deployment, store
from wxbot.service.doctor.content import Published
from wxbot.service.doctor.finding import Finding, fault
from wxbot.service.doctor.rounds import Check
from wxbot.service.ports import Clock
from wxbot.service.versions import Shelf, Version
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
    settings = found.settings
    first = Check("设置", lambda: configured.look_at_settings(settings, found.problems))
    with _store(settings) as (ready, absent):
        examined, published = _content(ready, folder)
        script = examined.loaded.script
        yield [
            first,
            *_account_checks(found, script),
            *_address_checks(found),
            Check("内容", lambda: content.look_at_content(examined.problems, len(script.answers), published)),
            *_local_checks(settings, script, send_test=send_test),
            *([absent] if absent else _store_checks(ready, found.clock, published)),
        ]


@contextmanager
def _store(settings: Settings) -> Iterator[tuple[Settings, Check | None]]:
    """With the embedded server running, where that is what the deployment uses; else a check that tells why not."""
    with ExitStack() as stack:
        absent = None
        try:
            settings = stack.enter_context(with_redis(settings))
        except (StoreUnavailable, SettingsError) as error:
            finding = fault(f"内置的 Redis 起不来：{error}", "设置 REDIS_URL，或按提示安装、修好它")
            absent = Check(REDIS, lambda: [finding])
        yield settings, absent


def _content(settings: Settings, folder: Path) -> tuple[Examined, Published | None]:
    """What followers are answered from: the files, unless a version is live and can be asked for."""
    if settings.content == "published" and settings.appid and settings.redis_url:
        with suppress(StoreUnavailable):
            return _published(build_shelf(settings), folder)
    return linted(examine(folder)), None


def _published(shelf: Shelf, folder: Path) -> tuple[Examined, Published]:
    """Raises StoreUnavailable."""
    live = shelf.standing().live
    if not live:
        return linted(examine(folder)), Published(0)
    try:
        return linted(examined_of(shelf.fetch(live))), Published(live.number, differs=_differs(folder, live))
    except ContentError:
        return linted(examine(folder)), Published(live.number, lost=True)


def _differs(folder: Path, live: Version) -> bool:
    """Whether it holds content, and another than this."""
    try:
        return ContentFolder(folder).snapshot().digest != live.digest
    except ContentError:
        return False


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
    source = found.settings.content
    yield Check(ADDRESS, lambda: address.look_at_address(url, doorstep, time.time, rehearsal=here))
    if url:
        yield Check("网页进程", lambda: address.look_at_processes(url, doorstep, source, rehearsal=here), after=ADDRESS)


def _local_checks(settings: Settings, script: Script, *, send_test: bool) -> Iterator[Check]:
    texts, notifier = bool(settings.sms_hook_url), build_notifier(settings)
    log_in = SmtpMailer(settings.smtp_url).log_in if settings.smtp_url else None
    yield Check("数据文件夹", lambda: deployment.look_at_folder(settings.data, LocalHost()))
    yield Check("媒体存储", lambda: deployment.look_at_media(settings.media, build_media(settings)))
    yield Check("用户的网页", lambda: deployment.look_at_page(script, settings.page_url))
    yield Check("工作人员的通知", lambda: deployment.look_at_notices(script, notifier, send_test=send_test))
    yield Check("邮件和短信", lambda: deployment.look_at_spare_ways(script, log_in, texts=texts))


def _store_checks(ready: Settings, clock: Clock, published: Published | None) -> Iterator[Check]:
    link = connect(ready.redis_url)
    probe, roster = RedisProbe(link, ready.appid), RedisQueue(link, ready.appid, clock=clock)
    yield Check(REDIS, lambda: store.look_at_redis(probe, time.time))
    if published:
        shelf, live = build_shelf(ready), published.number
        yield Check("进程的内容", lambda: content.look_at_runners(shelf.runners(), live, runner_line), after=REDIS)
    if ready.appid:
        yield Check("后台任务", lambda: store.look_at_work(probe, roster, clock), after=REDIS)
        yield Check("失败的任务", lambda: store.look_at_failures(probe, build_desk(ready), clock), after=REDIS)
