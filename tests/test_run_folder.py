"""Run folders are made once, never overwritten, and can be opened again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from symdisc.errors import DataError, OptionError, OutputError
from symdisc.run_folder import RunFolder, default_path, read_config


def test_create_write_open(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "a" / "b")
    folder.write_config({"method": "liegan", "options": {"group": {"blocks": [2, 2]}}})
    opened = RunFolder.open(tmp_path / "a" / "b")
    assert read_config(opened.config) == {
        "method": "liegan",
        "options": {"group": {"blocks": [2, 2]}},
    }
    names = [opened.config, opened.metrics, opened.result, opened.report]
    assert [path.relative_to(tmp_path / "a" / "b").as_posix() for path in names] == [
        "config.yaml",
        "metrics",
        "result",
        "report.html",
    ]


def test_settings_keep_their_order_and_letters(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_config({"source": "Präzession.npz", "method": "liegan"})
    assert folder.config.read_text(encoding="utf-8") == "source: Präzession.npz\nmethod: liegan\n"


@pytest.mark.parametrize("kind", ["folder", "file", "full folder"])
def test_nothing_is_overwritten(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "run"
    if kind == "file":
        path.write_text("mine")
    else:
        path.mkdir()
    if kind == "full folder":
        (path / "config.yaml").write_text("mine")
    message = (
        "run exists already and nothing is ever overwritten; name another folder with --out, "
        "or remove it first$"
    )
    with pytest.raises(OutputError, match=message):
        RunFolder.create(path)
    if kind == "file":
        assert path.read_text() == "mine"
    if kind == "full folder":
        assert (path / "config.yaml").read_text() == "mine"


def test_a_parent_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    message = "^cannot create the run folder .*file/x/run: Not a directory; name a writable place"
    with pytest.raises(OutputError, match=message):
        RunFolder.create(tmp_path / "file" / "x" / "run")


def test_a_parent_that_cannot_be_written() -> None:
    with pytest.raises(OutputError, match=r"^cannot create the run folder /proc/none/run: "):
        RunFolder.create(Path("/proc/none/run"))


def test_an_unused_folder_is_removed_with_the_parents_made_for_it(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    folder = RunFolder.create(tmp_path / "there" / "a" / "b")
    folder.write_config({"method": "liegan"})
    folder.remove_unused()
    assert list(tmp_path.rglob("*")) == [tmp_path / "there"]


@pytest.mark.parametrize("name", ["metrics", "result"])
def test_a_folder_with_something_to_keep_stays(name: str, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_config({"method": "liegan"})
    (folder.path / name).mkdir()
    folder.remove_unused()
    assert folder.config.is_file()


def test_what_others_put_there_stays(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "a" / "run")
    (tmp_path / "a" / "notes.txt").write_text("mine")
    (folder.path / "mine.txt").write_text("mine")
    folder.remove_unused()
    assert sorted(path.name for path in tmp_path.rglob("*.txt")) == ["mine.txt", "notes.txt"]


@pytest.mark.parametrize("kind", ["missing", "empty", "file"])
def test_open_what_is_no_run(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "run"
    if kind == "empty":
        path.mkdir()
    if kind == "file":
        path.write_text("")
    message = "run is not a run folder: it has no config.yaml; give the folder that `symdisc disc"
    with pytest.raises(DataError, match=message):
        RunFolder.open(path)


def test_default_names_say_what_ran_and_differ() -> None:
    first = default_path("data/two body.v2.npz", "acme:fast")
    time.sleep(0.002)
    second = default_path("data/two body.v2.npz", "acme:fast")
    assert first.parent == Path("runs")
    assert first.name.startswith("two-body-v2-acme-fast-2")
    assert first != second


def test_settings_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"^no settings file .*none\.yaml$"):
        read_config(tmp_path / "none.yaml")


@pytest.mark.parametrize("content", [b"a: [1", b"a: \xff\xfe", b"a: !!python/object:os.x {}"])
def test_settings_file_that_cannot_be_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    with pytest.raises(OptionError, match=r"^cannot read the settings file .*c\.yaml: ") as caught:
        read_config(path)
    assert "\n" not in str(caught.value)


def test_settings_file_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"^cannot read the settings file .*Is a directory"):
        read_config(tmp_path)


@pytest.mark.parametrize(("content", "kind"), [("", "NoneType"), ("- a", "list"), ("7", "int")])
def test_settings_file_without_a_mapping(content: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(content)
    message = rf"must hold a mapping such as 'method: liegan'; it holds {kind}$"
    with pytest.raises(OptionError, match=message):
        read_config(path)


def test_a_checkpoint_and_what_a_kill_left_of_it_are_removed(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.checkpoint.write_text("whole")
    folder.checkpoint.with_name("checkpoint.safetensors.new").write_text("half")
    folder.remove_checkpoint()
    folder.remove_checkpoint()
    assert list(folder.path.iterdir()) == []


def test_an_unused_folder_goes_with_its_checkpoint(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_config({"method": "liegan"})
    folder.checkpoint.write_text("whole")
    folder.remove_unused()
    assert list(tmp_path.iterdir()) == []


def test_earlier_results_are_kept_under_other_names(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.set_result_aside("cut-short")
    assert list(folder.path.iterdir()) == []
    for number in (1, 2):
        folder.result.mkdir()
        (folder.result / "mine.txt").write_text(str(number))
        folder.set_result_aside("cut-short")
    texts = {p.parent.name: p.read_text() for p in folder.path.rglob("mine.txt")}
    assert texts == {"result-cut-short-1": "1", "result-cut-short-2": "2"}


def test_settings_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_config({"method": "liegan"})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match=r"^cannot write .*config.yaml: No space left on device"):
        folder.write_config({"method": "other"})
    assert read_config(folder.config) == {"method": "liegan"}
