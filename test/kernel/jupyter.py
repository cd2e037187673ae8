"""What Jupyter's own tools make of the kernel. Run by jupyter.system.test.ts in the project's virtual environment."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jupyter_kernel_test
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

folder = tempfile.mkdtemp(prefix="normlab-jupyter-")
os.chdir(folder)
metadata = {"kernelspec": {"name": "tslab", "display_name": "TypeScript"}}


def notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources], metadata=metadata)


class Conformance(jupyter_kernel_test.KernelTests):
    """Jupyter's conformance suite. Its pager test is for a deprecated payload that the kernel has no use for."""

    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    completion_samples = [
        {"text": "JSON.st", "matches": {"stringify"}},
        {"text": "parseFl", "matches": {"parseFloat"}},
    ]
    complete_code_samples = ["1", "const x = 1", "function f() { return 1 }"]
    incomplete_code_samples = ["function f() {", "const x = (", "`abc"]
    invalid_code_samples = ["const = 1", "1 +* 2"]
    code_generate_error = 'throw new Error("x")'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "[1, 'a']", "result": "[ 1, 'a' ]"},
        {"code": "6 * 7", "result": "42"},
    ]
    code_display_data = [
        {"code": 'import { display } from "normlab"; display({ "image/png": "aGk=" })', "mime": "image/png"}
    ]
    code_history_pattern = "1 + 2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = 'import { clearOutput } from "normlab"; clearOutput()'


failing = ("const a = 1", 'a;\nthrow new RangeError("the message")', "console.log('after', a)")


class Client(unittest.TestCase):
    """nbclient: a failing notebook fails, with the right message; what is allowed to fail goes on."""

    def test_fails_with_the_message(self):
        with self.assertRaises(CellExecutionError) as caught:
            NotebookClient(notebook(*failing)).execute()
        self.assertEqual((caught.exception.ename, caught.exception.evalue), ("RangeError", "the message"))
        self.assertIn("Cell In [2], line 2", caught.exception.traceback)

    def test_goes_on_with_allow_errors(self):
        done = NotebookClient(notebook(*failing), allow_errors=True).execute()
        self.assertEqual(done.cells[1].outputs[0].ename, "RangeError")
        self.assertEqual(done.cells[2].outputs[0].text, "after 1\n")

    def test_raises_exception_tag(self):
        book = notebook(*failing)
        book.cells[1].metadata["tags"] = ["raises-exception"]
        done = NotebookClient(book).execute()
        self.assertEqual(done.cells[2].outputs[0].text, "after 1\n")

    def test_four_failing_cells_score_nothing(self):
        """nbgrader's rule (0.9.6, determine_grade): what wrote an error or to stderr has 0 points, any other cell has all."""
        sources = ['throw new Error("a")', "const s: string = 1", "process.exit(0)", 'await Promise.reject(new Error("b"))']
        done = NotebookClient(notebook(*sources, "'right'"), allow_errors=True).execute()
        failed = lambda o: o.output_type == "error" or (o.output_type == "stream" and o.name == "stderr")
        scores = [0 if any(map(failed, cell.outputs)) else 1 for cell in done.cells]
        self.assertEqual(scores, [0, 0, 0, 0, 1])


class Programs(unittest.TestCase):
    """The same by Jupyter's commands."""

    def run_tool(self, *command):
        path = Path(folder) / "failing.ipynb"
        nbformat.write(notebook(*failing), path)
        program = str(Path(sys.executable).with_name(command[0]))
        return subprocess.run([program, *command[1:], str(path)], capture_output=True, text=True)

    def test_nbconvert_execute(self):
        done = self.run_tool("jupyter-nbconvert", "--to", "notebook", "--execute", "--stdout")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("RangeError: the message", done.stderr)
        allowed = self.run_tool("jupyter-nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--stdout")
        self.assertEqual(allowed.returncode, 0, allowed.stderr)
        self.assertIn("after 1", allowed.stdout)

    def test_jupyter_execute(self):
        done = self.run_tool("jupyter-execute")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("RangeError: the message", done.stderr)
        allowed = self.run_tool("jupyter-execute", "--allow-errors")
        self.assertEqual(allowed.returncode, 0, allowed.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
