"""The whole bot on this machine, with a stand-in for WeChat: no account, no public address, no other server."""

import json
import logging
import os
import secrets
import socket
import string
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import click
import requests

from wxbot.adapters.menu_files import MenuBackups
from wxbot.bootstrap import build_api, build_worker, check_content, with_redis
from wxbot.domain.materials import materials_in
from wxbot.entrypoints.worker import run_worker
from wxbot.errors import WxbotError
from wxbot.sandbox.account import APPID
from wxbot.sandbox.delivery import Delivery
from wxbot.service import menus
from wxbot.settings import Settings, load_settings

START_S = 60
"""Seconds that the bot may take to load on a slow machine."""

LOOK_S = 0.2
"""Between two looks at the agents' desk: here it changes by the click, and asking costs nothing."""

OPERATORS_OWN = (
    "WECHAT_", "SECRET_KEY", "NOTICE_", "SMTP_", "SMS_HOOK_", "BINDING_HOOK_", "WXBOT_MEDIA", "REDIS_URL",
)  # fmt: skip
"""How variables begin that lead to real followers, staff and stores: what is invented here must not reach any."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """
    Where a rehearsal runs, and with which credentials; kept in its folder so that another terminal finds it.

    webhook: URL of the bot. platform: URL of the stand-in.
    """

    webhook: str
    platform: str
    appid: str
    appsecret: str
    token: str
    aes_key: str
    secret_key: str

    def delivery(self) -> Delivery:
        return Delivery(self.webhook, self.appid, self.token, self.aes_key, "safe")

    @property
    def bot(self) -> str:
        """URL of the bot, without a path."""
        return self.webhook.removesuffix("/wechat")


def folder_of(data: Path) -> Path:
    """Where a rehearsal keeps its files, apart from those of a real account."""
    return data / "demo"


def running(data: Path) -> Address | None:
    """The rehearsal that runs with this data folder, if one does."""
    try:
        address = Address(**json.loads(_note(data).read_text(encoding="utf-8")))
        requests.get(f"{address.bot}/healthz", timeout=1).raise_for_status()
    except (OSError, ValueError, TypeError, requests.RequestException):
        return None
    return address


def settings_here(environ: Mapping[str, str]) -> Settings:
    """
    The settings of the account; where none is configured, those of the rehearsal that runs here.

    Raises SettingsError.
    """
    settings = load_settings(environ)
    address = None if settings.appid else running(settings.data)
    return _rehearsed(settings, _environment(address, folder_of(settings.data), environ)) if address else settings


@contextmanager
def rehearsal(settings: Settings, folder: Path, *, port: int, output: IO[str] | None = None) -> Iterator[Address]:
    """
    Start Redis, the platform, a worker and the web process; stop them all at the end.

    settings: tell the data folder and the Redis, where that is not to be the embedded one; nothing else is taken.
    port: of the bot, 0 for any free one. output: where the web process writes its log, None for ours.

    Raises:
        click.ClickException: the bot did not come up; says where to look.
    """
    home = folder_of(settings.data)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _platform_process(_address(port or _free_port()), home, _port_after(port), output) as address:
        environment = _environment(address, home, os.environ)
        own = _rehearsed(settings, environment)
        stop = threading.Event()
        with with_redis(own) as ready:
            parts = build_worker(ready, folder, partial(time_of, address.platform), LOOK_S)
            worker = threading.Thread(target=run_worker, args=(parts, stop), name="worker")
            worker.start()
            try:
                # The server supervises processes and needs a main thread of its own.
                with _web_process(environment | {"REDIS_URL": ready.redis_url}, folder, address, output):
                    _furnish(address, ready, folder)
                    _write_private(_note(settings.data), json.dumps(asdict(address)))
                    yield address
            finally:
                _note(settings.data).unlink(missing_ok=True)
                stop.set()
                worker.join()


def _address(port: int) -> Address:
    """Fresh secrets; the platform is not there yet. port: of the bot."""

    def secret(characters: int) -> str:
        return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(characters))

    return Address(
        webhook=f"http://127.0.0.1:{port}/wechat",
        platform="",
        appid=APPID,
        appsecret=secret(32),
        token=secret(32),
        aes_key=secret(42) + "A",
        secret_key=secret(32),
    )


@contextmanager
def _platform_process(address: Address, home: Path, port: int, output: IO[str] | None) -> Iterator[Address]:
    """The address with the platform's URL in it, while the platform runs. port: of the platform, 0 for any."""
    environment = _environment(address, home, os.environ) | {"SANDBOX_BOT": address.webhook}
    command = [sys.executable, "-m", "wxbot.sandbox", "--attached", "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, start_new_session=True
    )
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            raise click.ClickException("模拟的微信平台没有启动成功，原因见上面的输出或日志")
        yield replace(address, platform=str(json.loads(line)["url"]))
    finally:
        _end(process)


def _furnish(address: Address, ready: Settings, folder: Path) -> None:
    """
    What a new phone has to show and tap: the account's name and menu, the media of its content, two agents at the desk.
    """
    script = check_content(folder).script
    _tell(address, "account", name=script.name)
    _tell(address, "verify")
    for account, nick in (("kf2001", "小美"), ("kf2002", "小刚")):
        _tell(address, "agents", account=account, nick=nick, online=False)
    for media_id, kind in materials_in(script.answers.values(), script.menu).items():
        _tell(address, "media", media_id=media_id, kind=kind)
    backups = MenuBackups(ready.data / "menus" / ready.appid, ready.timezone)
    try:
        menus.push(script, build_api(ready), backups, int(time.time()))
    except WxbotError as error:
        log.warning("The bottom menu was not published: %s", error)


def time_of(platform: str) -> float:
    """The platform's, so that what is due comes when its clock is set."""
    try:
        return float(requests.get(f"{platform}/sandbox/clock", timeout=1).json()["now"])
    except requests.RequestException:
        return time.time()


def _tell(address: Address, what: str, **fields: object) -> None:
    requests.post(f"{address.platform}/sandbox/{what}", json=fields, timeout=10).raise_for_status()


def _rehearsed(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Of the rehearsal, on the Redis that was chosen for it: the embedded server does not exist everywhere."""
    return replace(load_settings(environment), redis_url=settings.redis_url)


def _environment(address: Address, home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without any real account in it, nor the people and stores behind one."""
    kept = {name: value for name, value in environ.items() if not name.startswith(OPERATORS_OWN)}
    return kept | {
        "WECHAT_APPID": address.appid,
        "WECHAT_APPSECRET": address.appsecret,
        "WECHAT_TOKEN": address.token,
        "WECHAT_AES_KEY": address.aes_key,
        "WECHAT_MODE": "safe",
        **(_platform_hooks(address) | {"WECHAT_API_BASE": address.platform} if address.platform else {}),
        "WXBOT_PUBLIC_URL": address.bot,
        "SECRET_KEY": address.secret_key,
        "WXBOT_DATA": str(home),
        "WXBOT_CLOCK": "wechat",
        "WXBOT_CONTENT": "files",
    }


def _platform_hooks(address: Address) -> dict[str, str]:
    """The stand-in for the operator's own servers."""
    return {"BINDING_HOOK_URL": f"{address.platform}/company/accounts", "BINDING_HOOK_SECRET": address.aes_key}


@contextmanager
def _web_process(
    environment: Mapping[str, str], folder: Path, address: Address, output: IO[str] | None
) -> Iterator[None]:
    port = address.webhook.rsplit(":", 1)[1].partition("/")[0]
    command = [sys.executable, "-m", "wxbot", "--content", str(folder), "serve", "--port", port]
    # A session of its own: Ctrl-C reaches us alone, and we end it in good order.
    process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)  # noqa: S603
    try:
        _await_ready(process, address)
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def _await_ready(process: subprocess.Popen[bytes], address: Address) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise click.ClickException("机器人没有启动成功，原因见上面的输出或日志")
        try:
            if requests.get(f"{address.bot}/readyz", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise click.ClickException(f"机器人在 {START_S} 秒内没有准备好，请查看日志")


def _free_port(wanted: int = 0) -> int:
    with socket.socket() as probe:
        # As servers do, so that a port that was used a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", wanted))
        port: int = probe.getsockname()[1]
        return port


def _port_after(port: int) -> int:
    """The next port, so that the page stands at one address and browsers remember it; 0 where that is not free."""
    try:
        return _free_port(port + 1) if port else 0
    except (OSError, OverflowError):
        return 0


def _note(data: Path) -> Path:
    return folder_of(data) / "rehearsal.json"


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
