from __future__ import annotations

import io

import pytest
from rich.console import Console

from symdisc.engine import progress
from symdisc.engine.progress import PLAIN_INTERVAL, Bar, Plain, Reporter, Silent, reporter


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def console(terminal: bool = False) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, force_terminal=terminal, width=100, color_system=None), text


def run(reporter: Reporter, clock: Clock | None = None, seconds: float = 0.0) -> None:
    reporter.start("liegan", 1000)
    for step in range(100, 1001, 100):
        if clock is not None:
            clock.now += seconds
        reporter.advance(step, f"loss {step / 1000:.3f}")
    reporter.stop()


def test_plain_lines_come_at_most_every_interval(clock: Clock) -> None:
    output, text = console()
    run(Plain(output), clock, seconds=0.3 * PLAIN_INTERVAL)
    lines = text.getvalue().splitlines()
    # after 4 x 3 s and 8 x 3 s
    assert lines == [
        "liegan: step 400 of 1000, 18 s left, loss 0.400",
        "liegan: step 800 of 1000, 6 s left, loss 0.800",
    ]


def test_plain_says_nothing_of_a_short_run(clock: Clock) -> None:
    output, text = console()
    run(Plain(output), clock, seconds=0.01)
    assert text.getvalue() == ""


def test_plain_survives_a_look_before_the_first_step(clock: Clock) -> None:
    output, text = console()
    plain = Plain(output)
    plain.start("liegan", 1000)
    clock.now += 2 * PLAIN_INTERVAL
    plain.advance(0, "loss nan")
    assert "step 0 of 1000" in text.getvalue()


def test_bar_shows_steps_and_text_on_a_terminal() -> None:
    output, text = console(terminal=True)
    run(Bar(output))
    assert "liegan" in text.getvalue()
    assert "1000/1000" in text.getvalue()
    assert "loss 1.000" in text.getvalue()


def test_bar_can_be_stopped_before_it_starts_and_used_again() -> None:
    output, text = console(terminal=True)
    bar = Bar(output)
    bar.stop()
    bar.advance(1, "not shown")
    run(bar)
    run(bar)
    assert "not shown" not in text.getvalue()


@pytest.mark.parametrize("kind", [Bar, Plain])
def test_what_is_said_is_printed_as_it_is(kind: type[Bar] | type[Plain]) -> None:
    output, text = console()
    kind(output).say("wrote [red]runs/one[/red] " + "x" * 200)
    assert text.getvalue() == "wrote [red]runs/one[/red] " + "x" * 200 + "\n"


def test_silent_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    silent = Silent()
    run(silent)
    silent.say("nothing")
    assert capsys.readouterr() == ("", "")


def test_the_reporter_suits_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(reporter(quiet=True), Silent)
    assert isinstance(reporter(quiet=False), Plain)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert isinstance(reporter(quiet=False), Bar)
