"""The reverse proxies of `deploy/`, run on the loopback with the example files as they are, but for ports and names."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

NAME, UPSTREAM = "graph.example.org", "127.0.0.1:8000"
_NGINX = """
daemon off;
master_process off;
pid {at}/nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {at}/body;
    proxy_temp_path {at}/proxy;
    include {at}/site.conf;
}}
"""


def _nginx(at: Path, port: int, upstream: str) -> list[str]:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"^ *listen \[::\]:80;$", "", text, flags=re.MULTILINE)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(f"server {UPSTREAM};", f"server {upstream};")
    (at / "site.conf").write_text(text)
    (at / "nginx.conf").write_text(_NGINX.format(at=at))
    return [_program("nginx") or "", "-e", "stderr", "-c", str(at / "nginx.conf")]


def _caddy(at: Path, port: int, upstream: str) -> list[str]:
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace(f"{NAME} {{", f"http://:{port} {{\nbind 127.0.0.1").replace(UPSTREAM, upstream)
    (at / "Caddyfile").write_text(f"{{\nadmin off\nauto_https off\n}}\n{text}")
    return [_program("caddy") or "", "run", "--config", str(at / "Caddyfile")]


PROXIES: dict[str, Callable[[Path, int, str], list[str]]] = {"nginx": _nginx, "caddy": _caddy}


def _program(name: str) -> str | None:
    """Where it is; Debian's nginx lies where only root looks."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")


def is_installed(name: str) -> bool:
    return _program(name) is not None


@contextmanager
def running_proxy(name: str, at: Path, upstream: str) -> Iterator[str]:
    """The address of a proxy before a service on the loopback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = PROXIES[name](at, port, upstream)
    environment = {**os.environ, "HOME": str(at), "XDG_CONFIG_HOME": str(at), "XDG_DATA_HOME": str(at)}
    with (at / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            assert process.poll() is None, (at / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(timeout=60)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
