"""The composition root: the only place that knows every floor. Everything is built here and nothing at import."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from uuid import uuid4

from wxbot.adapters import content, embedded, media_check
from wxbot.adapters.hooks import BindingHook, Hook, SmsHook
from wxbot.adapters.mail import SmtpMailer
from wxbot.adapters.media_files import MediaFiles
from wxbot.adapters.notices import Channels, DingTalk, Feishu, Mail, Post, WeCom
from wxbot.adapters.redis.attic import RedisAttic
from wxbot.adapters.redis.connect import connect, connect_worker, ping
from wxbot.adapters.redis.lanes import RedisLanes
from wxbot.adapters.redis.limits import RedisLimits
from wxbot.adapters.redis.media import RedisMedia
from wxbot.adapters.redis.presence import RedisPresence
from wxbot.adapters.redis.probe import RedisProbe
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.redis.shelf import RedisShelf
from wxbot.adapters.redis.store import RedisStore
from wxbot.adapters.redis.tickets import RedisTickets
from wxbot.adapters.redis.traces import RedisTraces
from wxbot.adapters.redis.vault import RedisVault
from wxbot.adapters.wechat.api import WeChatApi
from wxbot.adapters.wechat.codec import Codec
from wxbot.adapters.wechat.page_login import WeChatLogin
from wxbot.answering.vectors import installed_encoder
from wxbot.domain.script import Script
from wxbot.service.attic import Tidier
from wxbot.service.changes import Changes
from wxbot.service.content import Followed, LiveContent
from wxbot.service.doctor.ports import Backlog
from wxbot.service.gate import Gate
from wxbot.service.keeper import Keeper, MediaRecords
from wxbot.service.origins import FolderContent, LastGood, Origin
from wxbot.service.own_tickets import OwnTickets
from wxbot.service.ports import (
    AccountBook,
    AgentsDesk,
    Clock,
    Desk,
    Limits,
    Loaded,
    Mailer,
    Notifier,
    PageLogin,
    PresenceBoard,
    TextMessenger,
)
from wxbot.service.presence import LOOK_S, PresenceCopy
from wxbot.service.published import PublishedContent
from wxbot.service.rights import Rights
from wxbot.service.spare import SpareSender
from wxbot.service.tickets import Tickets
from wxbot.service.turn import Turns
from wxbot.service.uploads import Uploads
from wxbot.service.versions import Shelf
from wxbot.settings import Settings, require_api, require_page, require_webhook


@dataclass(frozen=True, slots=True)
class PageParts:
    """What the followers' page stands on. address: of it. secret_key: signs its cookies."""

    address: str
    secret_key: str = field(repr=False)
    tickets: OwnTickets
    uploads: Uploads
    login: PageLogin
    limits: Limits


@dataclass(frozen=True, slots=True)
class Bot:
    """
    One web process, wired.

    folder: the operators' files. ping: whether Redis answers now, within half a second. delivered: counts of the
    messages that workers have sent, by `way:result`; backlog: what waits for them; both raise StoreUnavailable. page:
    the followers', None where there is none.
    """

    folder: Path
    codec: Codec
    turns: Turns
    content: LiveContent
    presence: PresenceCopy
    ping: Callable[[], bool]
    delivered: Callable[[], Mapping[str, int]]
    backlog: Callable[[], Backlog]
    page: PageParts | None = None


@contextmanager
def with_redis(settings: Settings) -> Iterator[Settings]:
    """The settings with a Redis in them: the configured one, else the embedded server while this block runs."""
    if settings.redis_url:
        yield settings
        return
    server = embedded.start(settings.data)
    try:
        yield replace(settings, redis_url=server.url)
    finally:
        server.close()


def check_content(folder: Path) -> Loaded:
    """The content of a folder; raises ContentError with every problem there is."""
    return content.load(folder)


def build_origin(settings: Settings, folder: Path, name: str = "") -> Origin:
    """Where the content of a process comes from. name: of the process, '' for one that does not follow it."""
    kept = content.KeptContent(settings.data / "content" / settings.appid / "kept.zip", read_only=not name)
    last = LastGood(kept, content.load_snapshot)
    files = FolderContent(content.ContentFolder(folder), last)
    if settings.content == "files":
        return files
    return PublishedContent(build_shelf(settings), files, last, name)


def build_shelf(settings: Settings) -> Shelf:
    """The published versions."""
    return RedisShelf(connect_worker(settings.redis_url), settings.appid)


def content_in_force(settings: Settings, folder: Path) -> Loaded:
    """
    What a process that starts now answers from.

    Raises:
        ContentError, StoreUnavailable: it cannot be used, and no last good version was kept.
    """
    return Followed(build_origin(settings, folder), lambda loaded: loaded).current


def build_bot(settings: Settings, folder: Path) -> Bot:
    """
    Everything the webhook needs, loaded and warm, with content that follows its origin.

    Raises SettingsError, and as `content_in_force` does.
    """
    require_webhook(settings)
    require_page(settings)
    live = LiveContent(build_origin(settings, folder, _process_name()), installed_encoder)
    link = connect(settings.redis_url)
    store = RedisStore(link, settings.appid, settings.timezone)
    presence = PresenceCopy(RedisPresence(link, settings.appid))
    turns = Turns(
        store,
        lambda: live.current,
        time.time,
        _new_ids(),
        by_message=settings.clock == "wechat",
        presence=lambda: presence.current,
        page=settings.page_url and f"{settings.page_url}/enter",
    )

    def answers() -> bool:
        # What messages have found out already need not be waited for again.
        return not link.breaker.is_resting and ping(settings.redis_url)

    page = build_page(settings, lambda: live.current.script) if settings.page_url else None

    def backlog() -> Backlog:
        return RedisProbe(link, settings.appid).backlog(time.time())

    return Bot(folder, Codec(settings), turns, live, presence, answers, store.delivered, backlog, page)


def build_page(settings: Settings, script: Callable[[], Script]) -> PageParts:
    """What followers see of their tickets. Raises SettingsError."""
    require_page(settings)
    link = connect(settings.redis_url)
    own = OwnTickets(RedisTickets(link, settings.appid), build_changes(settings, script), time.time)
    uploads = Uploads(build_media(settings), RedisMedia(link, settings.appid), media_check.check, time.time)
    login = WeChatLogin(settings.appid, settings.appsecret, api_base=settings.api_base)
    return PageParts(settings.page_url, settings.secret_key, own, uploads, login, RedisLimits(link, settings.appid))


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """
    What a worker runs on.

    content: the script, following its origin. name: tells it apart from other workers, on this machine and elsewhere.
    clock: says what is due, unix seconds. look_s: seconds between two looks at the agents' desk.
    """

    queue: RedisQueue
    gate: Gate
    followers: WeChatApi
    agents: AgentsDesk
    notifier: Notifier
    accounts: AccountBook | None
    board: PresenceBoard
    content: Followed[Script]
    changes: Changes
    keeper: Keeper
    tidier: Tidier
    name: str
    clock: Clock
    look_s: float


def build_worker(settings: Settings, folder: Path, clock: Clock = time.time, look_s: float = LOOK_S) -> WorkerParts:
    """
    Everything jobs need, with the script that follows its origin.

    Raises SettingsError, and as `content_in_force` does.
    """
    queue = RedisQueue(connect_worker(settings.redis_url), settings.appid, clock=clock)
    name = _process_name()
    script = Followed(build_origin(settings, folder, name), attrgetter("script"))
    changes = build_changes(settings, lambda: script.current, clock)
    lanes = RedisLanes(connect(settings.redis_url), settings.appid, clock=clock)
    api = build_api(settings)
    sender, keeper = SpareSender(api, lanes, _mailer(settings), _texter(settings)), build_keeper(settings, api)
    return WorkerParts(
        queue=queue,
        gate=Gate(lanes, lanes, api, sender, changes, clock),
        followers=api,
        agents=api.desk,
        notifier=build_notifier(settings),
        accounts=_account_book(settings),
        board=RedisPresence(connect(settings.redis_url), settings.appid),
        content=script,
        changes=changes,
        keeper=keeper,
        tidier=build_tidier(settings, changes, keeper),
        name=name,
        clock=clock,
        look_s=look_s,
    )


def build_notifier(settings: Settings) -> Notifier:
    """The channels that are configured."""
    posts: dict[str, Post] = {}
    if settings.notice_wecom_url:
        posts["wecom"] = WeCom(settings.notice_wecom_url)
    if settings.notice_dingtalk_url:
        posts["dingtalk"] = DingTalk(settings.notice_dingtalk_url, settings.notice_dingtalk_secret)
    if settings.notice_feishu_url:
        posts["feishu"] = Feishu(settings.notice_feishu_url, settings.notice_feishu_secret)
    if settings.notice_email_to:
        posts["email"] = Mail(SmtpMailer(settings.smtp_url), settings.notice_email_to)
    return Channels(posts)


def _mailer(settings: Settings) -> Mailer | None:
    return SmtpMailer(settings.smtp_url) if settings.smtp_url else None


def _texter(settings: Settings) -> TextMessenger | None:
    return SmsHook(Hook(settings.sms_hook_url, settings.sms_hook_secret)) if settings.sms_hook_url else None


def _account_book(settings: Settings) -> AccountBook | None:
    hook = Hook(settings.binding_hook_url, settings.binding_hook_secret)
    return BindingHook(hook) if settings.binding_hook_url else None


def requeue(settings: Settings, job_id: str) -> bool:
    """Put a job from the dead letters back into the queue; False where there is none of that id."""
    return RedisQueue(connect(settings.redis_url), settings.appid).requeue(job_id)


def build_changes(settings: Settings, script: Callable[[], Script], clock: Clock = time.time) -> Changes:
    """The way into conversations for staff and jobs."""
    store = RedisStore(connect(settings.redis_url), settings.appid, settings.timezone)
    return Changes(store, script, clock, _new_ids())


def build_keeper(settings: Settings, api: WeChatApi) -> Keeper:
    """What keeps the media that followers send."""
    return Keeper(api, build_media(settings), build_media_records(settings), media_check.check)


def build_rights(settings: Settings) -> Rights:
    """What followers may ask for about themselves."""
    link, appid = connect_worker(settings.redis_url), settings.appid
    # It changes conversations without a word, so it needs no script but an empty one.
    changes = build_changes(settings, Script)
    tickets, traces, records = RedisTickets(link, appid), RedisTraces(link, appid), RedisMedia(link, appid)
    return Rights(tickets, changes, traces, build_media(settings), records)


def build_tidier(settings: Settings, changes: Changes, keeper: Keeper) -> Tidier:
    """What removes what was kept for long enough."""
    link, appid = connect_worker(settings.redis_url), settings.appid
    return Tidier(RedisTickets(link, appid), changes, RedisTraces(link, appid), keeper, RedisAttic(link, appid))


def build_media_records(settings: Settings) -> MediaRecords:
    """What became of the media that followers sent."""
    return RedisMedia(connect(settings.redis_url), settings.appid)


def build_media(settings: Settings) -> MediaFiles:
    """The files of this account; several accounts may share one store."""
    return MediaFiles(f"{settings.media or settings.data / 'media'}/{settings.appid}")


def build_tickets(settings: Settings, script: Callable[[], Script], clock: Clock = time.time) -> Tickets:
    """The desk at which staff work on tickets."""
    desk = RedisTickets(connect(settings.redis_url), settings.appid)
    return Tickets(desk, build_changes(settings, script, clock), clock)


def build_api(settings: Settings) -> WeChatApi:
    """The account's API. Raises SettingsError."""
    require_api(settings)
    vault = RedisVault(connect(settings.redis_url), settings.appid)
    return WeChatApi(settings.appid, settings.appsecret, vault, api_base=settings.api_base)


def build_desk(settings: Settings) -> Desk:
    """What staff read."""
    return RedisStore(connect(settings.redis_url), settings.appid, settings.timezone)


def _process_name() -> str:
    """Tells it apart from others, on this machine and elsewhere."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"


def _new_ids() -> Iterator[str]:
    # Not a generator: those may not be asked by two threads at once.
    return iter(lambda: uuid4().hex, None)
