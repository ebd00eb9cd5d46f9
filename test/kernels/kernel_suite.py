# What Debian's python3-jupyter-kernel-test needs to know to try its tests on our kernel. All twelve apply.
import unittest

import jupyter_kernel_test


class RingsideKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "ringside"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    completion_samples = [
        {"text": "Math.hypo", "matches": {"hypot"}},
        {"text": "const {} = process.hrtim", "matches": {"hrtime"}},
    ]
    complete_code_samples = ["1", "const x = 1;", "function f() {\n  return 1;\n}", "await f()"]
    incomplete_code_samples = ["function f() {", "const x = [1,", "if (true) {\n  f("]
    invalid_code_samples = ["const = 1;", "let x = ) 2;"]
    code_page_something = "Math.hypot?"
    code_generate_error = 'throw new RangeError("no")'
    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, { a: 2 }]", "result": "[ 1, { a: 2 } ]"},
        {"code": "await Promise.resolve('text')", "result": "text"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>" }) })',
            "mime": "text/html",
            "result": "<b>x</b>",
        },
    ]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<b>x</b>")', "mime": "text/html"},
        {"code": 'import { display } from "tslab"; display.svg("<svg/>")', "mime": "image/svg+xml"},
        {"code": 'import { display } from "tslab"; display.markdown("*x*")', "mime": "text/markdown"},
        {"code": 'import { display } from "tslab"; display.png(new Uint8Array(4))', "mime": "image/png"},
    ]
    code_history_pattern = "1 +*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.hypot"
    code_clear_output = "console.clear()"


if __name__ == "__main__":
    unittest.main(verbosity=2)
