# What Ringside changes in a Jupyter server (`jupyter notebook` or `jupyter server`): loopback only, quiet, no browser of
# its own, and answers without delay. Port, token and the notebooks' folder come from the command line.
import importlib
import sys

c = get_config()  # noqa: F821 (Jupyter puts it here)

for app in (c.NotebookApp, c.ServerApp):
    app.ip = "127.0.0.1"
    app.open_browser = False
    app.log_level = "ERROR"
    # One reader on loopback, whose cells draw ten pictures a second; the stock limits (1 000 messages/s, 1 MB/s)
    # protect a shared server.
    app.iopub_msg_rate_limit = 20_000
    app.iopub_data_rate_limit = 50_000_000

# The course runs on one kernel; others on this machine would only confuse.
c.KernelSpecManager.ensure_native_kernel = False
c.KernelSpecManager.allowed_kernelspecs = {"ringside"}


def answer_without_delay(package):
    """Sets TCP_NODELAY on the websocket that carries a kernel's messages.

    A cell's answers are several small messages. Nagle's algorithm holds the second back until the first is
    acknowledged, and the browser delays that acknowledgement: 40 ms a cell, for nothing.
    """
    handler = importlib.import_module(f"{package}.services.kernels.handlers").ZMQChannelsHandler
    opened = handler.open

    def open_without_delay(self, *args, **kwargs):
        self.set_nodelay(True)
        return opened(self, *args, **kwargs)

    handler.open = open_without_delay


for package, module in (("notebook", "notebook.notebookapp"), ("jupyter_server", "jupyter_server.serverapp")):
    if module in sys.modules:
        answer_without_delay(package)
