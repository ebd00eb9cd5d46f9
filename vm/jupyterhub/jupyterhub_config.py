# A room that one `ringside workshop` does not carry: JupyterHub, with a Jupyter server for each user. Run it as root from the clone:
#
#   RINGSIDE_HUB_PASSWORD=... jupyterhub -f vm/jupyterhub/jupyterhub_config.py
#
# Each user has a folder with copies of the notebooks, our kernel and server settings, and namespaces of his own
# (`own-namespaces.sh`): network namespaces and temporary files of one are not there for another. Measurements of all of them take
# turns. README.md says what that keeps apart and what not.
import os
import pathlib
import re
import shutil
import subprocess

c = get_config()  # noqa: F821 (JupyterHub puts it here)

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Below the clone, where notebooks find the library.
HUB = pathlib.Path(os.environ.get("RINGSIDE_HUB", ROOT / ".ringside" / "hub")).resolve()
KERNELS = ROOT / "kernels" / "jupyter"
NODE = shutil.which("node") or "/usr/bin/node"
NAME = "[a-z0-9][a-z0-9_-]{0,31}"

if not HUB.is_relative_to(ROOT / ".ringside"):
    raise SystemExit(f"Cannot keep the hub in {HUB}: notebooks would not find the library -> choose a folder below {ROOT}/.ringside")
for folder in (HUB / "state", HUB / "users"):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

# Everything of the hub itself is in one folder, which no user's namespaces show.
c.JupyterHub.cookie_secret_file = str(HUB / "state" / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{HUB}/state/jupyterhub.sqlite"
# Debian's proxy finds its modules only by Debian's own node.
c.ConfigurableHTTPProxy.command = ["env", "NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs", "configurable-http-proxy"]
c.ConfigurableHTTPProxy.pid_file = str(HUB / "state" / "proxy.pid")
# Loopback only; a proxy with TLS stands before it where the room comes over a network.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_ip = "127.0.0.1"

# With a password in the environment anybody who knows it comes in under the name that he chooses, as in a workshop; without,
# the users of this machine by their own passwords (PAM). Another authenticator is one line: see JupyterHub's documentation.
password = os.environ.get("RINGSIDE_HUB_PASSWORD", "")
if password:
    c.JupyterHub.authenticator_class = "dummy"
    c.DummyAuthenticator.password = password
c.Authenticator.username_pattern = f"^{NAME}$"

# Measuring needs root, so every server runs as the user who started the hub, each in namespaces of its own.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HUB / "users" / "{username}")
c.Spawner.cmd = ["/bin/sh", str(pathlib.Path(__file__).with_name("own-namespaces.sh")), "jupyterhub-singleuser"]
c.Spawner.args = ["--allow-root", f"--config={KERNELS / 'jupyter_server_config.py'}"]
c.Spawner.default_url = "/tree"
c.Spawner.http_timeout = 60
c.Spawner.start_timeout = 60

TURNS = f"/run/ringside-turns-{os.getpid()}"
kernelspecs = subprocess.run([NODE, str(KERNELS / "kernelspec.cjs")], capture_output=True, text=True, check=True).stdout.strip()
c.Spawner.environment = {
    "JUPYTERHUB_SINGLEUSER_APP": "notebook.notebookapp.NotebookApp",
    "JUPYTER_PATH": kernelspecs,
    # A folder below the one that the kernel works in, which is the user's.
    "RINGSIDE_PROGRESS": "progress",
    "RINGSIDE_TURNS": TURNS,
    "RINGSIDE_ROOT": str(ROOT),
}
# One measurement wants the machine to itself.
c.JupyterHub.services = [
    {
        "name": "turns",
        "command": [NODE, str(ROOT / "lab" / "dist" / "workshop" / "turns-service.js")],
        "environment": {"RINGSIDE_TURNS": TURNS},
    }
]


def give_notebooks(spawner):
    """Copies the notebooks that the user does not have yet; what he has is his."""
    if re.fullmatch(NAME, spawner.user.name) is None:
        raise ValueError("Cannot make a folder for this name -> use small letters, digits, - and _")
    home = HUB / "users" / spawner.user.name
    home.mkdir(mode=0o700, exist_ok=True)
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if not (home / notebook.name).exists():
            shutil.copy(notebook, home)


c.Spawner.pre_spawn_hook = give_notebooks
