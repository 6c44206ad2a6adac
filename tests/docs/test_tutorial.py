import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiaoer.cli import main

_PAGE = (Path(__file__).parents[2] / "docs" / "start" / "train-on-your-own-data.md").read_text(encoding="utf-8")
_TEXT = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ \.venv/bin/xiaoer (.*)$", re.MULTILINE)


def lines_of(text: str) -> set[str]:
    return {re.sub(r" +", " ", line).strip() for line in text.splitlines() if line.strip()}


def test_who_follows_training_on_your_own_data_sees_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    train, test, figures, confusions, more, compared = _TEXT.findall(_PAGE)
    first, judge, again, compare = (command.split() for command in _COMMAND.findall(_PAGE))
    Path("train.csv").write_text(train)
    Path("test.csv").write_text(test)

    assert CliRunner().invoke(main, first).exit_code == 0
    assert lines_of(figures) | lines_of(confusions) <= lines_of(CliRunner().invoke(main, judge).stdout)
    assert Path("tea.html").is_file()
    Path("train.csv").write_text(train + more)
    assert CliRunner().invoke(main, again).exit_code == 0
    assert lines_of(compared) <= lines_of(CliRunner().invoke(main, compare).stdout)
    exec(_CODE.findall(_PAGE)[0], {})  # noqa: S102  # our own page
    assert "brewing" in capsys.readouterr().out
