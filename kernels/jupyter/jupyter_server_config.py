# What Ringside changes in a Jupyter server: its settings, and answers without delay. Port, token and the notebooks' folder
# come from the command line.
import importlib
import sys

load_subconfig("server_settings.py")  # noqa: F821 (Jupyter puts it here)


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
