"""`wxbot init`: a new content folder that is sound from the first minute."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from wxbot.adapters.content import examine
from wxbot.adapters.content.editing import Edit, EditRefused, text_in, write_all
from wxbot.adapters.content.files import Source
from wxbot.adapters.content.starting import (
    EXAMPLES,
    Wishes,
    can_have_humans,
    email_in,
    from_example,
    from_wishes,
    hours_in,
    phone_in,
)
from wxbot.domain.account import AccountType
from wxbot.entrypoints.edits import tried
from wxbot.entrypoints.first_questions import ask_for

T = TypeVar("T")


def _read(reader: Callable[[str], T]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that reads an option, or every one of an option that may be given several times."""

    def read(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        try:
            return tuple(map(reader, value)) if isinstance(value, tuple) else value and reader(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return read


@click.command()
@click.argument("folder", metavar="[文件夹]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--like", type=click.Choice(EXAMPLES), help="照着一个完整的例子建：whatsapp 没有电话和人工，wps 都有")
@click.option("--name", help="公众号的名字")
@click.option("--type", type=click.Choice([kind.value for kind in AccountType]), help="公众号的类型")
@click.option("--hours", callback=_read(hours_in), help="服务时间，例如「工作日 9:00-18:00；周六 10:00-16:00」")
@click.option("--humans/--no-humans", default=None, help="有没有人工客服")
@click.option("--phone", "phones", multiple=True, callback=_read(phone_in), help="客服电话，可以写几次")
@click.option("--no-phones", is_flag=True, default=None, help="没有客服电话")
@click.option("--email", callback=_read(email_in), help="客服邮箱")
@click.option("--force", is_flag=True, help="文件夹里有文件也建，同名的会被换掉")
@click.option("--yes", is_flag=True, help="不提问，没写明的用默认的")
@click.pass_obj
def command(content: Path, /, folder: Path | None, like: str | None, force: bool, yes: bool, **given: Any) -> None:
    """建一个新的内容文件夹：menus.yaml、answers/、用例、对话，和编辑器用的 schema/。

    在终端里运行时问几个问题；写明了的不问，--yes 全都不问。不写文件夹就建在当前文件夹。
    """
    target, said = folder or content, {name: value for name, value in given.items() if value not in (None, ())}
    try:
        _refuse_others_files(target, force=force)
        texts = _example(like, said) if like else from_wishes(_wishes(said, yes=yes))
        _write(target, texts)
    except EditRefused as refused:
        click.echo(str(refused), err=True)
        raise SystemExit(1) from None
    _echo_next(target, texts)


def _refuse_others_files(folder: Path, *, force: bool) -> None:
    """Raises EditRefused. Hidden files, such as those of git, are in nobody's way."""
    found = sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.exists() else []
    if found and not force:
        raise EditRefused(f"{folder} 里已经有 {'、'.join(found[:3])} 等文件。请换一个空文件夹，或者加 --force")


def _example(name: str, said: Mapping[str, Any]) -> Mapping[str, str]:
    if said:
        raise click.UsageError("--like 建的是完整的例子，名字、电话等请建好以后在 menus.yaml 里改")
    return from_example(name)


def _wishes(said: Mapping[str, Any], *, yes: bool) -> Wishes:
    """What was said by options and, where somebody sits at a terminal, is answered now."""
    known = dict(said)
    if known.pop("no_phones", False) and known.setdefault("phones", ()):
        raise click.UsageError("--phone 和 --no-phones 只能写一个")
    if "type" in known:
        known["type"] = AccountType(known["type"])
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("这里没有人回答问题，请加 --yes，并用 --name、--type 等写明")
        known = ask_for(known)
    wishes = Wishes(**known)
    if known.get("humans") and not can_have_humans(wishes.type):
        raise click.UsageError(f"{wishes.type}不能转人工客服，请写 --no-humans")
    return wishes


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Everything or nothing. Raises EditRefused where it does not go together with the files that are there."""
    edits = [_edit(Source(name, folder / name), text) for name, text in texts.items()]
    tried(folder, edits, examine(folder))
    write_all(edits)


def _edit(source: Source, after: str) -> Edit:
    try:
        return Edit(source, text_in(source.path) if source.path.exists() else "", after)
    except UnicodeDecodeError:
        raise EditRefused(f"{source.file} 不是 UTF-8 的文本，不敢换掉它，请先移走") from None


def _echo_next(folder: Path, texts: Mapping[str, str]) -> None:
    content = "" if folder == Path() else f" --content {folder}"
    click.echo(f"已建好 {folder / 'menus.yaml'} 和 {folder / 'answers'}，共 {len(texts)} 个文件。接下来：")
    for words, purpose in (
        ("demo", "在网页上试一试，不需要公众号"),
        ("check", "改了文件以后检查"),
        ("test", "试问用例，演一遍对话"),
    ):
        click.echo(f"  wxbot{content} {words:6} {purpose}")
