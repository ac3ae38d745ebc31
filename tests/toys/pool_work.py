"""Work for processes of their own, which import it by name."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path


def square(number: int) -> int:
    return number * number


def end(number: int) -> int:
    if number == 1:
        os._exit(3)
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def spin(number: int) -> int:
    while number:
        pass
    return number


def sleep(folder: str) -> int:
    (Path(folder) / "began").write_text(str(os.getpid()))
    time.sleep(60)
    return 0


def linger(number: int) -> int:
    threading.Thread(target=time.sleep, args=(60,)).start()
    return number


def threads(variable: str) -> str:
    return os.environ[variable]


def interrupt(number: int) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return number
