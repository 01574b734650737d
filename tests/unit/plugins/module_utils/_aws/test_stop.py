# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import Stop


def run(in_other_thread, results):
    """Watch in a process whose main thread waits for another thread, as that of a module does."""
    stop = Stop()
    stop.watch()
    noticed = threading.Event()
    stop.call_when_requested(noticed.set)

    def other():
        in_other_thread()
        noticed.wait(30)
        results.put(stop.reason)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()


def reason_after(in_other_thread):
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    process = context.Process(target=run, args=(in_other_thread, results))
    process.start()
    process.join(60)
    return results.get(timeout=60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_noticed_whichever_thread_receives_it(number):
    def signal_me():
        time.sleep(0.5)  # Until the main thread waits.
        signal.pthread_kill(threading.get_ident(), number)

    # In the background of a script some of them are ignored.
    before = signal.signal(number, signal.SIG_DFL)
    try:
        assert reason_after(signal_me) == f"it received {number.name}"
    finally:
        signal.signal(number, before)


def test_another_signal_stops_nothing():
    def signal_me():
        os.kill(os.getpid(), signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGUSR1, lambda *_arguments: None)
    try:
        assert reason_after(signal_me) == "it received SIGTERM"
    finally:
        signal.signal(signal.SIGUSR1, before)
