"""`python -m wxbot.sandbox`: the platform as a process of its own."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence

from wxbot.sandbox.account import Account
from wxbot.sandbox.platform import Platform
from wxbot.sandbox.wire import Mode

NAMES = {
    "appid": "WECHAT_APPID",
    "secret": "WECHAT_APPSECRET",
    "token": "WECHAT_TOKEN",
    "aes_key": "WECHAT_AES_KEY",
    "mode": "WECHAT_MODE",
    "id": "WECHAT_ACCOUNT",
    "bot": "SANDBOX_BOT",
}
"""Fields of the account and their variables, the bot's own."""
MODES: tuple[Mode, ...] = ("plain", "compatible", "safe")
AES_KEY_CHARACTERS = 43


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m wxbot.sandbox", description="A WeChat of our own, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument("--bot", default="", help="URL that messages are pushed to")
    parser.add_argument("--attached", action="store_true", help="end when standard input ends")
    options = parser.parse_args(arguments)
    account = account_of({**environ, **({"SANDBOX_BOT": options.bot} if options.bot else {})})
    problem = problem_with(account)
    if problem:
        parser.error(problem)
    serve(account, options.port, attached=options.attached)


def account_of(environ: Mapping[str, str]) -> Account:
    """What is not set keeps its default."""
    return Account(**{name: environ[variable] for name, variable in NAMES.items() if environ.get(variable)})  # type: ignore[arg-type]


def problem_with(account: Account) -> str:
    """What keeps the account from pushing to its bot, '' for nothing."""
    if account.mode not in MODES:
        return f"WECHAT_MODE must be one of {', '.join(MODES)}"
    if account.bot and not account.token:
        return "WECHAT_TOKEN is not set"
    if account.bot and account.mode != "plain" and len(account.aes_key) != AES_KEY_CHARACTERS:
        return f"WECHAT_AES_KEY is not {AES_KEY_CHARACTERS} characters"
    return ""


def serve(account: Account, port: int, *, attached: bool) -> None:
    """Until SIGTERM, SIGINT or, attached, the end of standard input."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if attached:
        threading.Thread(target=_await_end, args=(stop,), daemon=True).start()
    with Platform(account=account, port=port) as platform:
        sys.stdout.write(json.dumps({"url": platform.url}) + "\n")
        sys.stdout.flush()
        stop.wait()


def _await_end(stop: threading.Event) -> None:
    # Not sys.stdin: its lock would be held while the interpreter ends.
    while os.read(0, 1024):
        pass
    stop.set()


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
