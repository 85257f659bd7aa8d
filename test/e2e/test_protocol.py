"""jupyter_kernel_test, the public check of Jupyter kernels, against the installed kernel."""
import os

import jupyter_kernel_test
import pytest
from jupyter_kernel_test import msgspec_v5

# Two of its rules contradict the messaging specification, and are excused by name:
# - input_request: it wants "password" to be a number; the specification says a boolean.
# - replies: it wants the status "abort"; the specification says "aborted". None of its
#   tests queues cells behind a failing one, so nothing needs to be mended for that.
msgspec_v5.schema_fragments["input_request"]["properties"]["password"] = {"type": "boolean"}


@pytest.fixture(scope="module", autouse=True)
def kernel_env(runtime):
    """The suite starts kernels in the environment of this process."""
    before = dict(os.environ)
    os.environ.update(runtime.env)
    yield
    os.environ.clear()
    os.environ.update(before)


class TestKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "gospark"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [{"text": "strings.ToUpp", "matches": {"ToUpper", "ToUpperSpecial"}}]
    complete_code_samples = ["1 + 2", "x := 1", "func f() int { return 1 }", "%spark"]
    incomplete_code_samples = ["func f() {", "for {", "f(1,", "x := `raw", "%%sql\nselect 1"]
    invalid_code_samples = ["x := = 1", "}"]
    # No code_page_something: help is a result, since JupyterLab has no pager.
    code_generate_error = 'panic("on purpose")'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": 'strings.Repeat("go", 2)'},
    ]
    code_display_data = [{"code": 'display.HTML("<b>hi</b>")', "mime": "text/html"}]
    code_clear_output = "display.Clear(false)"
    code_history_pattern = "1*2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "strings.ToUpper"
