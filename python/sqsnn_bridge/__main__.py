"""`python -m sqsnn_bridge TARGET`: answers requests until standard input ends."""

from __future__ import annotations

import json
import os
import signal
import sys

from . import failures
from .server import Server


def main() -> int:
    # Ctrl-C reaches every process of the terminal; when to stop is for the one that asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing but answers may get into the answers, whatever libraries print.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    server = Server(sys.argv[1] if len(sys.argv) > 1 else "")
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"id": request["id"], "answer": server.answer(request)}
        except Exception as error:  # every failure is an answer: the other side decides what it means
            answer = {"id": request["id"], "error": failures.described(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # A simulation that still runs has nobody left to answer to.
    os._exit(status)
