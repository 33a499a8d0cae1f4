"""What operators read who mistype a command."""

import pytest
from click.testing import CliRunner, Result

from wxbot.entrypoints.cli import cli


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["chek"], "没有「chek」这个命令。是不是想写「check」"),
        (["ticket", "lst"], "没有「lst」这个命令。是不是想写「list」"),
        (["ask", "--eplain", "怎么退货"], "没有「--eplain」这个选项。是不是想写「--explain」"),
        (["eval"], "还要写上「文件」"),
        (["eval", "没有.csv"], "「文件」写得不对：没有「没有.csv」这个文件"),
        (["--content", "没有", "check"], "「--content」写得不对：没有「没有」这个文件夹"),
        (["gaps", "--days", "三天"], "「--days」写得不对：应为整数，这里写的是「三天」"),
        (["gaps", "--days", "0"], "「--days」写得不对：0 超出了范围，应为 1 到 365"),
        (["gaps", "--days"], "「--days」后面还要写内容"),
        (["test", "--json=3"], "「--json」后面不用写内容"),
        (["ask", "怎么", "退货"], "多写了「退货」；一句话里有空格的，请放进引号里"),
        (
            ["init", "--type", "服务号"],
            "「--type」写得不对：不能写「服务号」，可以写 认证服务号、认证订阅号、未认证、测试号",
        ),
        (["ticket", "show", "abc"], "「工单号」写得不对：「abc」不是工单号，写成 261122-48213"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(words: list[str], sentence: str) -> None:
    result = called(*words)

    assert (result.exit_code, result.output.splitlines()[0]) == (2, sentence)
    assert not any(english in result.output for english in ("Error", "Usage", "OPTIONS"))


def test_a_wrong_call_is_told_how_to_call() -> None:
    assert "用法：wxbot eval [选项] 文件\n详细说明：wxbot eval --help\n" in called("eval").output


def test_a_group_without_a_command_shows_its_commands() -> None:
    assert "处理工单" in called("ticket").output


def called(*words: str) -> Result:
    return CliRunner().invoke(cli, words, prog_name="wxbot")
