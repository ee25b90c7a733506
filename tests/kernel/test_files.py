"""A file is written whole or not at all, and its SHA-256 is the published one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bencao.kernel import files
from bencao.kernel.errors import InputError


def test_text_is_written_in_utf8_with_its_line_ends(tmp_path):
    files.write_text(tmp_path / "a.txt", "本草\r\nα\n")
    assert (tmp_path / "a.txt").read_bytes() == "本草\r\nα\n".encode()


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    files.write_bytes(tmp_path / "a", b"old")
    files.write_bytes(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path):
    files.write_bytes(tmp_path / "a", b"old")
    with (tmp_path / "a").open("rb") as reader:
        files.write_bytes(tmp_path / "a", b"new")
        assert reader.read() == b"old"


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    files.write_text(tmp_path / "a", "old")
    with pytest.raises(UnicodeEncodeError):
        files.write_text(tmp_path / "a", "\ud800")
    with pytest.raises(TypeError):
        files.write_bytes(tmp_path / "a", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_file_may_be_read_by_whom_the_umask_lets(tmp_path):
    before = os.umask(0o022)
    try:
        files.write_bytes(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


def test_a_link_goes_on_pointing_to_the_file(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    files.write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["absent/a", "file/a", "folder"])
def test_a_path_that_cannot_be_written_is_named(tmp_path, name):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=name):
        files.write_bytes(tmp_path / name, b"")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_sha256_is_that_of_the_standard(tmp_path):
    """FIPS 180-2, appendix B: "abc", and a million times "a", which is more than one block."""
    (tmp_path / "abc").write_bytes(b"abc")
    (tmp_path / "million").write_bytes(b"a" * 1_000_000)
    assert files.sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.sha256_of(tmp_path / "million") == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"


def test_a_file_longer_than_a_block_is_read_to_its_end(tmp_path):
    (tmp_path / "a").write_bytes(bytes(3 << 20) + b"a")
    (tmp_path / "b").write_bytes(bytes(3 << 20) + b"b")
    assert files.sha256_of(tmp_path / "a") != files.sha256_of(tmp_path / "b")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(InputError, match=r"nowhere\.csv: cannot be read: No such file"):
        files.sha256_of(Path("nowhere.csv"))
