"""`wxbot schema`: JSON Schemas for editors."""

from pathlib import Path

import click

from wxbot.adapters.content import schemas


@click.command()
@click.option(
    "--write",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="写到哪个文件夹；不写就只列出文件名",
)
def command(folder: Path | None) -> None:
    """导出 menus.yaml 和 answers/ 的 JSON Schema，编辑器用它来提示和检查。"""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        if folder:
            (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name if folder else name)
