"""Runs a notebook in its kernel and writes what each cell put out.

    execute_notebook.py NOTEBOOK RESULT < PIPE

NOTEBOOK is only read. RESULT becomes a JSON object: cell id -> {outputs, execution_count}. Progress goes to
stderr. Exit status 1 when a cell ended with an error; RESULT then holds the outputs up to it. Whoever calls it keeps
PIPE open: when it closes, because the caller was killed, this process ends, and with it the kernel.
"""

import json
import os
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from with_caller import end_with_caller


def main(path, result_path):
    end_with_caller()
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    order = {cell.id: number for number, cell in enumerate(code, 1)}
    started = {}

    def on_start(cell, cell_index):
        started[cell.id] = time.monotonic()

    def on_executed(cell, cell_index, execute_reply):
        if cell.id in order:
            seconds = time.monotonic() - started[cell.id]
            print(f"  cell {order[cell.id]}/{len(code)}: {seconds:.1f} s", file=sys.stderr, flush=True)

    client = NotebookClient(
        notebook,
        kernel_name="tslab",
        timeout=None,
        startup_timeout=120,
        # What a cell put out may come after its reply. nbclient waits for it for 4 s and then goes on without a word.
        iopub_timeout=60,
        raise_on_iopub_timeout=True,
        record_timing=False,
        resources={"metadata": {"path": os.path.dirname(os.path.abspath(path))}},
        on_cell_start=on_start,
        on_cell_executed=on_executed,
    )
    status = 0
    try:
        client.execute()
    except CellExecutionError as error:
        print(f"  {error}", file=sys.stderr)
        status = 1
    result = {
        cell.id: {"outputs": cell.outputs, "execution_count": cell.execution_count}
        for cell in code
        if cell.execution_count is not None
    }
    with open(result_path, "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
