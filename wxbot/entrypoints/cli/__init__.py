"""The `wxbot` command. Each command is a module of its own, imported only when it is called."""

import importlib
import logging
import os
import time
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from wxbot.entrypoints.help_pages import with_chinese_help
from wxbot.entrypoints.wrong_calls import in_chinese, usage
from wxbot.errors import ContentError, PublishRefused, SettingsError, StoreUnavailable, WeChatError
from wxbot.settings import Settings

COMMANDS = {
    "answers": "把答案导出成 Excel 或 CSV 表格，改好再导入",
    "ask": "试问一句话，看机器人怎么答",
    "chat": "在终端里和机器人对话（走真实的加密接口）",
    "check": "检查 menus.yaml 和 answers/，一次列出全部问题",
    "demo": "不需要公众号，在本机运行整套机器人",
    "doctor": "检查公众号和部署，每个问题一句话说明怎么修",
    "eval": "用一批知道正确答案的问题给回答打分",
    "gaps": "列出没答上的问题，把问法写进答案",
    "handoffs": "列出转人工的会话",
    "import": "把公众号现有的菜单和自动回复导入进来",
    "init": "建一个新的内容文件夹，或照着现成的例子建",
    "menu": "查看、比较、发布、拉取、回滚底部菜单",
    "outbound": "列出没有直接送到的消息，重新发送",
    "privacy": "按用户的要求，导出或删除个人信息",
    "publish": "发布内容：检查、比较，所有进程一起切换",
    "replay": "把用户真实问过的问题再问一遍，看改动会影响哪些",
    "rollback": "退回到以前发布的版本",
    "schema": "导出编辑器用的 JSON Schema",
    "serve": "启动接收微信消息的网页进程",
    "test": "逐条试问用例，看答得对不对",
    "ticket": "查看和处理工单：回复、追问、分配、关联、关闭、导出",
    "versions": "列出发布过的版本，以及每个进程在用哪一个",
    "worker": "启动处理后台任务的进程",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = f"{name}_" if iskeyword(name) else name
        command: click.Command = importlib.import_module(f"wxbot.entrypoints.cli.{module}").command
        return with_chinese_help(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table: click would import every command to ask it for its first line."""
        with formatter.section("命令"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def main(self, *args: Any, **extra: Any) -> Any:
        """As any command's, but what click itself says is in Chinese."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.UsageError as error:
            if type(error).show is not click.UsageError.show:  # such as the help, for a call without a command
                error.show()
                raise SystemExit(error.exit_code) from None
            _fail(error.exit_code, in_chinese(error), *filter(None, [usage(error)]))
        except click.ClickException as error:
            _fail(error.exit_code, error.format_message())
        except click.Abort:
            _fail(1, "\n已中止。")
        raise SystemExit(code if isinstance(code, int) else 0)


@with_chinese_help
@click.group(cls=_LazyGroup)
@click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="放 menus.yaml 和 answers/ 的文件夹，默认是当前文件夹",
)
@click.pass_context
def cli(ctx: click.Context, content: Path) -> None:
    """wxbot：微信公众号客服机器人。"""
    ctx.obj = content


def main() -> None:
    """Run the command. Exit codes: 0 fine, 1 found something wrong, 2 called wrongly."""
    go_by_the_accounts_clock()
    try:
        cli.main()
    except ContentError as error:
        _fail(1, *map(str, error.problems))
    except SettingsError as error:
        _fail(2, "环境变量没有设好，请工程师照 README 的「上线」一节设置：", *error.problems)
    except (WeChatError, StoreUnavailable, PublishRefused) as error:
        logging.getLogger(__name__).debug("command failed", exc_info=True)
        _fail(1, str(error))


def go_by_the_accounts_clock() -> None:
    """Times that are shown are those that followers were told, whatever zone the machine is in."""
    os.environ.setdefault("TZ", Settings().timezone)
    time.tzset()


def _fail(code: int, *lines: str) -> None:
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(code)
