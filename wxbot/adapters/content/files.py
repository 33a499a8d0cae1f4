"""Finding and reading the operators' files, whatever state the folder is in."""

import os
import re
import stat
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wxbot.errors import ContentError, Problem

MENUS = "menus.yaml"
ANSWERS = "answers"
CASES = (".cases.yaml", ".cases.yml")
"""How the names of files end that hold no answers but questions to try them with."""
DIALOGS = (".dialog.yaml", ".dialog.yml")
"""The same of files that hold a dialog to rehearse."""
_HIDDEN_ENDING = re.compile(r"(.+)\.(?:ya?ml\.(?:txt|bak|doc|rtf)|ymal|yam|yaml_)$", re.IGNORECASE)
SIZE_LIMIT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One file. file: its name for operators, relative to the content folder."""

    file: str
    path: Path


def find(folder: Path) -> tuple[list[Source], list[Problem]]:
    """menus.yaml, then every answer file by name; and what stood in the way of looking. Hidden files do not count."""
    sources, problems = [Source(MENUS, folder / MENUS)], []
    for found in _walk(folder / ANSWERS, ANSWERS, ()):
        if isinstance(found, Problem):
            problems.append(found)
        elif not holds_cases(found) and not holds_dialog(found):
            sources.append(found)
    return sources, problems


def find_cases(folder: Path) -> list[Source]:
    """The files of cases that lie beside the answers, by name."""
    return [found for found in _sources(folder) if holds_cases(found)]


def find_dialogs(folder: Path) -> list[Source]:
    """The files of dialogs that lie beside the answers, by name."""
    return [found for found in _sources(folder) if holds_dialog(found)]


def strays(folder: Path) -> Iterator[Problem]:
    """What lies among the answers under a name that says something else than what it is."""
    for directory, folders, files in os.walk(folder / ANSWERS):
        name = Path(directory).relative_to(folder).as_posix()
        for found in folders:
            if found.lower().endswith((".yaml", ".yml")):
                message, hint = "这是一个文件夹，名字却像文件", "里面的文件会照常读；请给文件夹换个名字"
                yield Problem(f"{name}/{found}", 1, 1, message, hint, "warning")
        for found in files:
            meant = _HIDDEN_ENDING.match(found)
            if meant and not found.startswith("."):
                message, hint = "这个文件不会读，因为名字不是以 .yaml 结尾", f"请改名为 {meant[1]}.yaml"
                yield Problem(f"{name}/{found}", 1, 1, message, hint, "warning")


def watched(folder: Path) -> Hashable:
    """`fingerprint` of all that `examine` reads, cases and dialogs too."""
    beside = [*find_cases(folder), *find_dialogs(folder)]
    return fingerprint(folder), tuple((source.file, *_stamp(source.path)) for source in beside)


def fingerprint(folder: Path) -> Hashable:
    """Something that changes when `load` would read something else. Never raises; reads no file."""
    sources, problems = find(folder)
    return tuple((source.file, *_stamp(source.path)) for source in sources), tuple(problems)


def read_text(source: Source) -> str:
    """
    The text of a file, without a byte-order mark.

    Raises:
        ContentError: when it cannot be read, is too big, or is not UTF-8.
    """
    data = read_bytes(source)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _byte_place(data, error.start)
        raise _refusal(source, *_encoding_fault(data), line, column) from error


def read_bytes(source: Source) -> bytes:
    """Raises ContentError when the file cannot be read, or is too big."""
    try:
        return _read_bytes(source)
    except FileNotFoundError as error:
        raise _refusal(source, f"找不到 {source.file}", _missing_hint(source)) from error
    except OSError as error:
        raise _refusal(source, f"文件读不了（{error.strerror or error}）", "请检查文件权限和链接") from error


def legible(data: bytes) -> str:
    """What people read in a file, which may be in GBK where it should be in UTF-8; '' where it is in neither."""
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    if not _is_utf16(data):
        with suppress(UnicodeDecodeError):
            return data.decode("gb18030")
    return ""


def _walk(directory: Path, name: str, above: tuple[tuple[int, int], ...]) -> Iterator[Source | Problem]:
    try:
        status = directory.stat()
        if (status.st_dev, status.st_ino) in above:
            yield Problem(name, 1, 1, "这个文件夹链接绕回了上级文件夹", "请删掉这个链接")
            return
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        yield Problem(name, 1, 1, f"文件夹读不了（{error.strerror or error}）", "请检查文件夹权限和链接")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        shown = f"{name}/{os.fsencode(entry.name).decode('utf-8', 'replace')}"
        if _is_folder(entry):
            yield from _walk(Path(entry.path), shown, (*above, (status.st_dev, status.st_ino)))
        elif entry.name.lower().endswith((".yaml", ".yml")):
            yield Source(shown, Path(entry.path))


def _sources(folder: Path) -> Iterator[Source]:
    return (found for found in _walk(folder / ANSWERS, ANSWERS, ()) if isinstance(found, Source))


def holds_cases(source: Source) -> bool:
    return source.file.lower().endswith(CASES)


def holds_dialog(source: Source) -> bool:
    return source.file.lower().endswith(DIALOGS)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def _read_bytes(source: Source) -> bytes:
    status = source.path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(source, "这不是一个文件", "请换成普通的文本文件")
    if status.st_size > SIZE_LIMIT_BYTES:
        raise _refusal(
            source,
            f"文件有 {status.st_size // 1024 // 1024} MB，超过 {SIZE_LIMIT_BYTES // 1024 // 1024} MB 的上限",
            "请拆成几个文件",
        )
    return source.path.read_bytes()


def _missing_hint(source: Source) -> str:
    if source.file != MENUS:
        return "它可能是一个失效的链接，请删掉或重新放好"
    if source.path.with_suffix(".yml").exists():
        return f"请把 menus.yml 改名为 {MENUS}"
    return "请新建这个文件，最少写一行 version: 1"


def _encoding_fault(data: bytes) -> tuple[str, str]:
    hint = "请用编辑器“另存为”，编码选 UTF-8"
    if _is_utf16(data):
        return "文件的编码是 UTF-16，不是 UTF-8", hint
    return "文件的编码像是 GBK，不是 UTF-8" if legible(data) else "文件里有不是 UTF-8 的内容", hint


def _is_utf16(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) > len(data) // 8


def _byte_place(data: bytes, at: int) -> tuple[int, int]:
    start = data.rfind(b"\n", 0, at) + 1
    return data.count(b"\n", 0, at) + 1, len(data[start:at].decode("utf-8-sig", "replace")) + 1


def _refusal(source: Source, message: str, hint: str, line: int = 1, column: int = 1) -> ContentError:
    return ContentError([Problem(source.file, line, column, message, hint)])
