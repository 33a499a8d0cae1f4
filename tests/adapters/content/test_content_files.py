"""The state a folder can be in."""

import os

import pytest

from wxbot.adapters.content import examine, files, fingerprint, load


def told(folder) -> list[str]:
    return [str(problem) for problem in examine(folder).problems]


def test_a_missing_menus_file_is_named(tmp_path) -> None:
    assert told(tmp_path) == ["menus.yaml:1:1: 找不到 menus.yaml。请新建这个文件，最少写一行 version: 1"]


def test_menus_yml_is_to_be_renamed(tmp_path) -> None:
    (tmp_path / "menus.yml").write_text("version: 1\n")

    assert told(tmp_path) == ["menus.yaml:1:1: 找不到 menus.yaml。请把 menus.yml 改名为 menus.yaml"]


def test_a_link_that_leads_nowhere_is_told(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\n"})
    (folder / "answers/b.yaml").symlink_to("nowhere.yaml")

    assert told(folder) == ["answers/b.yaml:1:1: 找不到 answers/b.yaml。它可能是一个失效的链接，请删掉或重新放好"]


def test_a_link_to_itself_is_told(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\n"})
    (folder / "answers/b.yaml").symlink_to("b.yaml")

    (problem,) = told(folder)

    assert problem.startswith("answers/b.yaml:1:1: 文件读不了")


def test_a_folder_link_that_leads_back_is_told_once(a_folder) -> None:
    folder = a_folder({"answers/deep/a.yaml": "category: x\n"})
    (folder / "answers/deep/loop").symlink_to(folder / "answers", target_is_directory=True)

    assert told(folder) == ["answers/deep/loop:1:1: 这个文件夹链接绕回了上级文件夹。请删掉这个链接"]


def test_a_pipe_is_not_waited_for(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\n"})
    os.mkfifo(folder / "answers/pipe.yaml")

    assert told(folder) == ["answers/pipe.yaml:1:1: 这不是一个文件。请换成普通的文本文件"]


def test_answers_that_are_a_file_are_told(a_folder) -> None:
    (problem,) = told(a_folder({"answers": "category: x\n"}))

    assert problem.startswith("answers:1:1: 文件夹读不了")


def test_a_file_over_the_limit_is_not_read(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\n"})
    os.truncate(folder / "answers/a.yaml", files.SIZE_LIMIT_BYTES + 1)

    assert told(folder) == ["answers/a.yaml:1:1: 文件有 16 MB，超过 16 MB 的上限。请拆成几个文件"]


def test_a_mounted_configuration_is_read_once(a_folder) -> None:
    """Kubernetes shows each file as a link into a hidden folder."""
    folder = a_folder({"answers/..data/a.yaml": "category: x\nanswers: [{id: a, question: q, answer: 好}]\n"})
    (folder / "answers/a.yaml").symlink_to("..data/a.yaml")

    assert list(load(folder).script.answers) == ["a"]


@pytest.mark.parametrize("name", ["menus.yaml", "answers/a.yaml", "answers/deep/b.yml"])
def test_the_fingerprint_changes_with_every_file_that_is_read(a_folder, name) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\n", "answers/deep/b.yml": "category: y\n"})
    before = fingerprint(folder)

    (folder / name).write_text("version: 1\n# 改过了\n")

    assert fingerprint(folder) != before


def test_the_fingerprint_sees_files_come_and_go(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\n"})
    before = fingerprint(folder)

    (folder / "answers/a.yaml").unlink()

    assert fingerprint(folder) != before


def test_the_fingerprint_stays_while_nothing_that_counts_changes(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\n"})
    before = fingerprint(folder)

    (folder / "answers/.a.yaml.swp").write_text("x")

    assert fingerprint(folder) == before
    assert hash(before) == hash(fingerprint(folder))


def test_the_fingerprint_of_nothing_is_one_too(tmp_path) -> None:
    assert fingerprint(tmp_path / "nowhere") == fingerprint(tmp_path / "nowhere")
