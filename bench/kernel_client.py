"""Times Jupyter kernels with Jupyter's own client. Reads a plan (JSON) from stdin, writes one JSON line a round."""

import json
import queue
import statistics
import sys
import time

import psutil
from jupyter_client.manager import KernelManager

plan = json.load(sys.stdin)
# Seconds that a kernel may take to answer.
patience = 120


class Kernel:
    def __init__(self, contestant):
        self.contestant = contestant
        start = time.perf_counter()
        self.manager = KernelManager(kernel_name=contestant["kernel"])
        self.manager.start_kernel(cwd=contestant["cwd"])
        self.client = self.manager.client()
        try:
            self.client.start_channels()
            # The request waits in the socket until the kernel listens: this is the time from start to first result.
            self.run("1 + 1")
            self.first = time.perf_counter() - start
            self.client.wait_for_ready(timeout=120)
        except BaseException:
            self.stop()
            raise

    def run(self, code):
        """Milliseconds from request to reply."""
        start = time.perf_counter()
        asked = self.client.execute(code)
        while True:
            left = patience - (time.perf_counter() - start)
            reply = self.client.get_shell_msg(timeout=max(left, 0))
            if reply["parent_header"].get("msg_id") == asked:
                break
        elapsed = (time.perf_counter() - start) * 1000
        content = reply["content"]
        if content["status"] != "ok":
            raise RuntimeError(f"{self.contestant['name']}: {content}")
        return elapsed

    def rss(self):
        """MiB of the kernel and all processes below it."""
        top = psutil.Process(self.manager.provisioner.pid)
        return sum(process.memory_info().rss for process in [top, *top.children(recursive=True)]) / 2**20

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def measure(contestant):
    kernel = Kernel(contestant)
    try:
        trivial = contestant["trivial"]
        median = lambda times: statistics.median(times)
        before = [kernel.run(trivial.replace("N", str(i))) for i in range(30)]
        result = {"first": kernel.first * 1000, "trivial": median(before[5:])}
        if contestant.get("import"):
            result["import"] = kernel.run(contestant["import"])
        cells = plan["cells"]
        rss = [kernel.rss()]
        times = []
        for i in range(cells):
            times.append(kernel.run(trivial.replace("N", str(100 + i))))
            if (i + 1) % (cells // 4) == 0:
                rss.append(kernel.rss())
        quarter = cells // 4
        result.update(firstQuarter=median(times[:quarter]), lastQuarter=median(times[-quarter:]), rss=rss)
        return result
    finally:
        kernel.stop()


for round_ in range(plan["rounds"]):
    for contestant in plan["contestants"]:
        name = contestant["name"]
        try:
            print(json.dumps({"name": name, "round": round_, **measure(contestant)}), flush=True)
        except queue.Empty:
            # A stock tslab stops answering now and then; the other rounds still count.
            why = f"left out, no answer for {patience} s"
            print(f"… {name}, round {round_ + 1}: {why}", file=sys.stderr, flush=True)
