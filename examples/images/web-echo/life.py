"""How a test wants the container to behave, told by environment.

ECHO_LOG_LINES    lines written at once at start, on stdout and stderr in turn
ECHO_LOG_EVERY    seconds between further lines
ECHO_START_DELAY  seconds before the port opens
ECHO_EXIT_CODE    exits with this code, at once or
ECHO_EXIT_AFTER   this many seconds later
ECHO_IGNORE_TERM  1: a request to stop is not heard
"""

import asyncio
import os
import signal
import sys
import time


def number(name, default=0.0):
    return float(os.environ.get(name) or default)


def say(*words):
    print(*words, flush=True)


def ignores_term():
    return os.environ.get("ECHO_IGNORE_TERM") == "1"


def begin():
    """What happens before anything listens."""
    if ignores_term():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for line in range(int(number("ECHO_LOG_LINES"))):
        print("line", line, file=sys.stderr if line % 2 else sys.stdout, flush=True)
    if os.environ.get("ECHO_EXIT_CODE") and not os.environ.get("ECHO_EXIT_AFTER"):
        sys.exit(int(number("ECHO_EXIT_CODE")))
    time.sleep(number("ECHO_START_DELAY"))


async def chatter(app):
    """Runs beside the server for as long as it serves."""
    tasks = [asyncio.create_task(work()) for work in (log_on, exit_later)]
    yield
    for task in tasks:
        task.cancel()


async def log_on():
    every, line = number("ECHO_LOG_EVERY"), 0
    while every:
        say("still here", line)
        line += 1
        await asyncio.sleep(every)


async def exit_later():
    if os.environ.get("ECHO_EXIT_AFTER"):
        await asyncio.sleep(number("ECHO_EXIT_AFTER"))
        say("leaving")
        os._exit(int(number("ECHO_EXIT_CODE")))
