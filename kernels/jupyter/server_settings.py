# What Ringside sets in a Jupyter server (`jupyter notebook` or `jupyter server`): loopback only, quiet, no browser of its
# own. `jupyter_server_config.py` is this and answers without delay; `npm run bench` starts a server with this alone, to
# see what the difference is.
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
