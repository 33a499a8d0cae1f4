"""The environment, read once into one frozen value. Every bad variable is named at once; no value is ever repeated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from wxbot.errors import SettingsError

Mode = Literal["plain", "compatible", "safe"]
PAGE_PATH = "/my"
OFFICIAL_API = "https://api.weixin.qq.com"

_WEB = r"https?://[^\s/?#]+\S*"
_ADDRESS = r"[^@\s,]+@[^@\s,]+"
_SMTP = rf"smtps?://\S+\?from={_ADDRESS}"


@dataclass(frozen=True, slots=True)
class Settings:
    """
    One deployment. Secrets stay out of `repr`.

    mode: how WeChat encrypts what it sends; configured, never read off a request (protocol 1.3).
    clock: whose time counts: the machine's; or that of each message, for rehearsals, whose clock can be set.
    notice_…: where staff are told, '' for nowhere; the addresses of robots are as good as passwords.
    smtp_url: `smtp[s]://user:password@host:port?from=address`, '' where no mail is sent.
    content: what processes answer from: the files, or the version that was published last (`service/published`).
    account: our `gh_…` id, '' to accept any. redis_url: '' starts or joins the embedded server in `data`.
    media: where what followers send is kept, a folder or any address of fsspec; '' for the folder `media` in `data`.
    public_url: `https://…` under which the web processes are reached, without a path; '' offers followers no page.
    secret_key: signs the cookies of that page.
    """

    appid: str = ""
    appsecret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    aes_key_previous: str = field(default="", repr=False)
    mode: Mode = "safe"
    account: str = ""
    api_base: str = OFFICIAL_API
    redis_url: str = field(default="", repr=False)
    sms_hook_url: str = field(default="", repr=False)
    sms_hook_secret: str = field(default="", repr=False)
    binding_hook_url: str = field(default="", repr=False)
    binding_hook_secret: str = field(default="", repr=False)
    data: Path = Path(".wxbot")
    media: str = field(default="", repr=False)
    log_level: str = "INFO"
    log_format: Literal["text", "json"] = "text"
    timezone: str = "Asia/Shanghai"
    clock: Literal["machine", "wechat"] = "machine"
    content: Literal["files", "published"] = "files"
    notice_wecom_url: str = field(default="", repr=False)
    notice_dingtalk_url: str = field(default="", repr=False)
    notice_dingtalk_secret: str = field(default="", repr=False)
    notice_feishu_url: str = field(default="", repr=False)
    notice_feishu_secret: str = field(default="", repr=False)
    notice_email_to: tuple[str, ...] = field(default=(), repr=False)
    smtp_url: str = field(default="", repr=False)
    public_url: str = ""
    secret_key: str = field(default="", repr=False)

    @property
    def page_url(self) -> str:
        """Where followers find their tickets, '' for nowhere."""
        return f"{self.public_url}{PAGE_PATH}" if self.public_url else ""


def load_settings(environ: Mapping[str, str]) -> Settings:
    """
    Read the environment; a secret may also come as NAME_FILE.

    Raises:
        SettingsError: with every unusable variable. What is merely missing is left '' for `require_*` to name.
    """
    problems: list[str] = []
    read = _Reader(environ, problems)
    settings = Settings(
        appid=read.matching("WECHAT_APPID", r"wx[0-9a-zA-Z]{4,62}", "looks like wx0123456789abcdef"),
        appsecret=read.secret("WECHAT_APPSECRET", r"\S{8,128}", "is the secret of 8 to 128 characters"),
        token=read.secret("WECHAT_TOKEN", r"[A-Za-z0-9]{3,32}", "is 3 to 32 letters and digits"),
        aes_key=read.secret("WECHAT_AES_KEY", r"[A-Za-z0-9]{43}", "is exactly 43 letters and digits"),
        aes_key_previous=read.secret("WECHAT_AES_KEY_PREVIOUS", r"[A-Za-z0-9]{43}", "is exactly 43 letters and digits"),
        mode=read.choice("WECHAT_MODE", get_args(Mode), "safe"),  # type: ignore[arg-type]
        account=read.matching("WECHAT_ACCOUNT", r"gh_[0-9a-zA-Z]{1,61}", "looks like gh_0123456789ab"),
        api_base=read.url("WECHAT_API_BASE", ("http", "https"), OFFICIAL_API).rstrip("/"),
        redis_url=read.url("REDIS_URL", ("redis", "rediss", "unix"), ""),
        sms_hook_url=read.url("SMS_HOOK_URL", ("http", "https"), ""),
        sms_hook_secret=read.secret("SMS_HOOK_SECRET", r"\S{16,200}", "is 16 to 200 characters without spaces"),
        binding_hook_url=read.url("BINDING_HOOK_URL", ("http", "https"), ""),
        binding_hook_secret=read.secret("BINDING_HOOK_SECRET", r"\S{16,200}", "is 16 to 200 characters without spaces"),
        public_url=read.origin("WXBOT_PUBLIC_URL"),
        secret_key=read.secret("SECRET_KEY", r"\S{32,256}", "is a secret of 32 to 256 characters"),
        data=Path(environ.get("WXBOT_DATA") or ".wxbot"),
        media=environ.get("WXBOT_MEDIA", ""),
        log_level=read.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
        log_format=read.choice("LOG_FORMAT", ("text", "json"), "text"),  # type: ignore[arg-type]
        timezone=read.timezone("TZ", "Asia/Shanghai"),
        clock=read.choice("WXBOT_CLOCK", ("machine", "wechat"), "machine"),  # type: ignore[arg-type]
        content=read.choice("WXBOT_CONTENT", ("files", "published"), "files"),  # type: ignore[arg-type]
        notice_wecom_url=read.secret("NOTICE_WECOM_URL", _WEB, "is the http(s) address of a WeCom group robot"),
        notice_dingtalk_url=read.secret("NOTICE_DINGTALK_URL", _WEB, "is the http(s) address of a DingTalk robot"),
        notice_dingtalk_secret=read.secret("NOTICE_DINGTALK_SECRET", r"\S{8,200}", "is the robot's signing secret"),
        notice_feishu_url=read.secret("NOTICE_FEISHU_URL", _WEB, "is the http(s) address of a Feishu robot"),
        notice_feishu_secret=read.secret("NOTICE_FEISHU_SECRET", r"\S{8,200}", "is the robot's signing secret"),
        notice_email_to=read.addresses("NOTICE_EMAIL_TO"),
        smtp_url=read.mail_server("SMTP_URL"),
    )
    if settings.sms_hook_url and not settings.sms_hook_secret and not problems:
        problems.append("SMS_HOOK_URL needs SMS_HOOK_SECRET")
    if settings.binding_hook_url and not settings.binding_hook_secret and not problems:
        problems.append("BINDING_HOOK_URL needs BINDING_HOOK_SECRET")
    if settings.notice_email_to and not settings.smtp_url:
        problems.append("NOTICE_EMAIL_TO needs SMTP_URL")
    if problems:
        raise SettingsError(problems)
    return settings


def require_webhook(settings: Settings) -> None:
    """Raise SettingsError unless everything is there that verifying WeChat's requests needs (protocol 1.2, 1.4)."""
    needed = {"WECHAT_APPID": settings.appid, "WECHAT_TOKEN": settings.token}
    if settings.mode != "plain":
        needed["WECHAT_AES_KEY"] = settings.aes_key
    _require(needed)


def require_page(settings: Settings) -> None:
    """Raise SettingsError unless everything is there that the followers' page needs, if there is to be one."""
    if settings.public_url:
        _require({"WECHAT_APPSECRET": settings.appsecret, "SECRET_KEY": settings.secret_key})


def require_api(settings: Settings) -> None:
    """Raise SettingsError unless everything is there that calling WeChat's API needs (protocol 6.1)."""
    _require({"WECHAT_APPID": settings.appid, "WECHAT_APPSECRET": settings.appsecret})


def require_account(settings: Settings) -> None:
    """Raise SettingsError unless it is known whose data is meant."""
    _require({"WECHAT_APPID": settings.appid})


def _require(needed: Mapping[str, str]) -> None:
    missing = [f"{name} is not set" for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(missing)


@dataclass(frozen=True, slots=True)
class _Reader:
    environ: Mapping[str, str]
    problems: list[str]

    def matching(self, name: str, pattern: str, expectation: str) -> str:
        return self._check(name, self.environ.get(name, ""), pattern, expectation)

    def secret(self, name: str, pattern: str, expectation: str) -> str:
        return self._check(name, self._secret(name), pattern, expectation)

    def mail_server(self, name: str) -> str:
        value = self._secret(name)
        if value and not (re.fullmatch(_SMTP, value) and _is_url(value, ("smtp", "smtps"))):
            self.problems.append(f"{name} looks like smtps://user:password@host:465?from=bot@example.com")
        return value

    def _secret(self, name: str) -> str:
        value, path = self.environ.get(name, ""), self.environ.get(f"{name}_FILE", "")
        if value and path:
            self.problems.append(f"{name} and {name}_FILE are both set; keep one")
        elif path:
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self.problems.append(f"{name}_FILE cannot be read ({type(error).__name__})")
        return value

    def addresses(self, name: str) -> tuple[str, ...]:
        """Of e-mail, with commas between them."""
        written = self.secret(name, rf"{_ADDRESS}(\s*,\s*{_ADDRESS})*", "is e-mail addresses with commas between them")
        return tuple(address.strip() for address in written.split(",") if address.strip())

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.environ.get(name) or default
        if value not in choices:
            self.problems.append(f"{name} must be one of {', '.join(choices)}")
        return value

    def url(self, name: str, schemes: tuple[str, ...], default: str) -> str:
        value = self.environ.get(name) or default
        if value and not _is_url(value, schemes):
            self.problems.append(f"{name} must be a URL that starts with {' or '.join(f'{s}://' for s in schemes)}")
        return value

    def origin(self, name: str) -> str:
        """Scheme and host: anything but https only on this machine itself, since cookies go there."""
        value = self.environ.get(name, "").rstrip("/")
        here = r"http://(?:127\.0\.0\.1|localhost)(?::\d{1,5})?"
        return self._check(name, value, rf"https://[A-Za-z0-9.-]+(?::\d{{1,5}})?|{here}", "looks like https://host")

    def timezone(self, name: str, default: str) -> str:
        value = self.environ.get(name) or default
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            self.problems.append(f"{name} is not a time zone such as Asia/Shanghai")
        return value

    def _check(self, name: str, value: str, pattern: str, expectation: str) -> str:
        if value and not re.fullmatch(pattern, value):
            self.problems.append(f"{name} {expectation}")
        return value


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        # A bracket or slash that should have been quoted; the error's own text may hold part of a password.
        return False
    return parts.scheme in schemes and bool(parts.netloc or parts.path) and port != 0
