"""Runs a module as `python -m` does, and ends with whoever called it.

    with_caller.py MODULE ARGUMENTS… < PIPE

The caller keeps PIPE open: when it closes, because the caller is gone, this process gets a SIGTERM.
"""

import os
import runpy
import signal
import sys
import threading


def end_with_caller():
    def wait():
        os.read(sys.stdin.fileno(), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    end_with_caller()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
