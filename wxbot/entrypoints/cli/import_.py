"""`wxbot import`: the menu and the automatic replies that an account has already become menus.yaml and answers."""

import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from wxbot.adapters.content.editing import Edit, EditRefused, text_in, with_entries, write_all
from wxbot.adapters.content.files import ANSWERS, MENUS, Source, holds_cases, holds_dialog
from wxbot.adapters.content.pieces import NewEntry
from wxbot.adapters.content.settings import with_settings, written_settings
from wxbot.adapters.import_backups import ImportBackups
from wxbot.adapters.menu_files import MenuBackups, with_menu
from wxbot.adapters.wechat.api import WeChatApi
from wxbot.bootstrap import build_api, with_redis
from wxbot.domain.official import Mention
from wxbot.domain.script import Script
from wxbot.entrypoints import imported_media
from wxbot.entrypoints.edits import echo_diff, sound, tried
from wxbot.entrypoints.imported_media import Media
from wxbot.entrypoints.registering import confirmed, registered
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.service.live_menu import Live
from wxbot.service.menus import Backup, MenuRefused
from wxbot.service.takeover import Account, Known, Plan, Taken, Wish, media_in, plan, read_account
from wxbot.service.takeover.plan import FALLBACK, MENU, REPLACEABLE, WELCOME
from wxbot.settings import Settings, require_api


@dataclass(frozen=True, slots=True)
class _Target:
    """Where new answers go. file: below answers/. category: where that file is new."""

    folder: Path
    file: str
    category: str


def _file(ctx: click.Context, param: click.Parameter, name: str) -> str:
    name = name.removeprefix(f"{ANSWERS}/")
    source = Source(name, Path(name))
    if not re.fullmatch(r"[^/\\.][^/\\]*\.ya?ml", name) or holds_cases(source) or holds_dialog(source):
        raise click.BadParameter("写 answers/ 里的一个文件名，以 .yaml 结尾，例如 imported.yaml")
    return f"{ANSWERS}/{name}"


@click.command()
@click.option(
    "--file", default="imported.yaml", show_default=True, callback=_file, help="答案写进 answers/ 里的哪个文件"
)
@click.option("--category", default="常见问题", show_default=True, help="新文件的分类名，用户浏览分类时看得到")
@click.option(
    "--replace",
    "replaced",
    multiple=True,
    type=click.Choice(REPLACEABLE),
    help="menus.yaml 里已经写了菜单、欢迎语、没听懂时的话，也换成公众号现在的；可以写几次",
)
@click.option("--closed", is_flag=True, help="在后台关着的也导入（启用服务器配置以后，自动回复就是关着的）")
@click.option(
    "--no-upload", "upload", is_flag=True, flag_value=False, default=True, help="图片等不存进公众号的永久素材"
)
@click.option("--official", is_flag=True, help="没有登记过的电话、链接、账号都是自己的，登记为官方，不再询问")
@click.option("--undo", is_flag=True, help="退回最近一次导入以前的文件")
@click.option("--yes", is_flag=True, help="不再询问，直接写入")
@click.pass_obj
def command(
    folder: Path,
    file: str,
    category: str,
    replaced: Sequence[str],
    closed: bool,
    upload: bool,
    official: bool,
    undo: bool,
    yes: bool,
) -> None:
    """把公众号现有的菜单、关注后的回复、默认回复、关键词回复导入到 menus.yaml 和 answers/。

    请在启用服务器配置以前运行：启用以后，后台的菜单和自动回复就不再起作用。只读取公众号，不改它的菜单和回复；
    先列出会写什么、什么带不过来，问过才写。已经写好的菜单、欢迎语和答案不会被覆盖。
    """
    settings = settings_here(os.environ)
    wish = Wish(frozenset(replaced), closed)
    try:
        if undo:
            _undo(_backups(settings), folder, yes=yes)
        else:
            _import(settings, _Target(folder, file, category), wish, upload=upload, official=official, yes=yes)
    except (EditRefused, MenuRefused) as refused:
        click.echo(str(refused), err=True)
        raise SystemExit(1) from None


def _import(settings: Settings, target: _Target, wish: Wish, *, upload: bool, official: bool, yes: bool) -> None:
    examined = sound(target.folder)
    known = Known(examined.loaded.script, _written(target.folder))
    with _api(settings) as api:
        account = read_account(api)
        media = imported_media.fetch(api, media_in(account), target.folder)
        click.echo(_summary(account))
        strangers = plan(account, known, imported_media.drafted(media), wish).strangers
        ours = confirmed(strangers, unasked=official, ask=not yes)
        known = known.admitting(ours)
        draft = plan(account, known, imported_media.drafted(media), wish)
        media = imported_media.used(draft, media)
        if not upload:
            draft = plan(account, known, imported_media.left(media), wish)
        edits = _edits(draft, target, known.script, ours)
        _echo(draft, edits)
        if not (edits or imported_media.files_of(media)):
            click.echo("没有要写的。")
            return
        tried(target.folder, edits, examined)
        _confirm(edits, media, upload=upload, yes=yes)
        final = plan(account, known, imported_media.stored(api, media), wish) if upload else draft
    edits = _edits(final, target, known.script, ours)
    tried(target.folder, edits, examined)
    _write(settings, target.folder, account.live, edits, media)
    for note in final.notes:
        if note not in draft.notes:
            click.secho(f"请注意：{note}", fg="yellow", err=True)


def _write(settings: Settings, folder: Path, live: Live | None, edits: Sequence[Edit], media: Media) -> None:
    """After everything that is to change has been put by."""
    now, files = int(time.time()), imported_media.files_of(media)
    saved = _backups(settings).save(now, folder, edits, files)
    imported_media.keep(media, folder)
    write_all(edits)
    click.echo(f"已写进 {_names(edits, len(files))}。原来的文件在 {saved}，用 wxbot import --undo 可以退回。")
    if live:
        name = MenuBackups(settings.data / "menus" / settings.appid, settings.timezone).save(Backup(now, live))
        click.echo(f"公众号现在的菜单备份为 {name}。")
    click.echo("接下来：wxbot check 检查，wxbot chat 试一试，wxbot menu diff 看菜单。")
    click.echo("启用服务器配置以后，用 wxbot menu push 发布菜单。")


def _undo(backups: ImportBackups, folder: Path, *, yes: bool) -> None:
    saved = backups.latest(folder)
    if not saved:
        raise EditRefused("没有可以退回的导入。")
    saved.require_untouched()
    edits = [edit.undone for edit in saved.edits]
    for edit in edits:
        echo_diff(edit)
    names = _names(edits, len(saved.media))
    if not yes and not click.confirm(f"把 {names} 退回到导入以前吗？"):
        raise EditRefused("没有改动。")
    write_all(edits)
    for path in saved.media:
        path.unlink(missing_ok=True)
    saved.mark_undone()
    click.echo(f"{names} 已退回。公众号没有改动。")


def _edits(found: Plan, target: _Target, script: Script, official: Sequence[Mention]) -> list[Edit]:
    """official: what is to be registered. Raises EditRefused and MenuRefused."""
    edits: list[Edit] = []
    menus = Source(MENUS, target.folder / MENUS)
    before = text_in(menus.path)
    settings = {**registered(official), "welcome": found.welcome, "texts": _fallback(found)}
    after = with_settings(before, settings)
    if found.menu:
        same = {"menu": script.menu.buttons == found.menu.buttons}
        same["conditional_menus"] = script.menu.conditional == found.menu.conditional
        after = with_menu(after, found.menu, keep=[section for section, unchanged in same.items() if unchanged])
    if after != before:
        edits.append(Edit(menus, before, after))
    if found.answers:
        source = Source(target.file, target.folder / target.file)
        present = text_in(source.path) if source.path.exists() else ""
        edits.append(with_entries(source, present, target.category, [_entry(taken) for taken in found.answers]))
    return edits


def _fallback(found: Plan) -> dict[str, str]:
    return {"miss_first": found.fallback} if found.fallback else {}


def _entry(taken: Taken) -> NewEntry:
    fields = {name: value for name, value in asdict(taken).items() if name != "parts"}
    only = taken.parts[0]
    return NewEntry(**fields, answer=only if len(taken.parts) == 1 and isinstance(only, str) else taken.parts)


def _written(folder: Path) -> frozenset[str]:
    """What operators have settled already."""
    data = written_settings(folder)
    welcome, texts = data.get("welcome") or {}, data.get("texts") or {}
    there = {
        MENU: data.get("menu"),
        WELCOME: welcome.get("text") or welcome.get("options"),
        FALLBACK: texts.get("miss_first"),
    }
    return frozenset(name for name, value in there.items() if value)


def _echo(draft: Plan, edits: Sequence[Edit]) -> None:
    for edit in edits:
        echo_diff(edit)
    for note in draft.notes:
        click.secho(f"请注意：{note}", fg="yellow")


def _summary(account: Account) -> str:
    has = [
        "菜单" if account.live and account.live.shape.default else "",
        "关注后的回复" if account.greeting else "",
        "收到消息的默认回复" if account.fallback else "",
        f"{len(account.rules)} 条关键词规则" if account.rules else "",
    ]
    return f"公众号现在有：{'、'.join(filter(None, has)) or '没有菜单，也没有自动回复'}。"


def _confirm(edits: Sequence[Edit], media: Media, *, upload: bool, yes: bool) -> None:
    files = len(imported_media.files_of(media))
    also = f"，并把 {files} 个图片、语音、视频存进公众号的永久素材" if files and upload else ""
    if not yes and not click.confirm(f"写进 {_names(edits, files)}{also}吗？"):
        raise EditRefused("没有改动。")


def _names(edits: Sequence[Edit], media: int) -> str:
    """media: how many files."""
    kept = [f"{imported_media.FOLDER}/ 里的 {media} 个文件"] if media else []
    return "、".join([*(edit.source.file for edit in edits), *kept])


@contextmanager
def _api(settings: Settings) -> Iterator[WeChatApi]:
    require_api(settings)
    with with_redis(settings) as ready:
        yield build_api(ready)


def _backups(settings: Settings) -> ImportBackups:
    return ImportBackups(settings.data / "imports", settings.timezone)
