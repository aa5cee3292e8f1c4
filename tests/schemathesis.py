#!/usr/bin/env python3
"""Asks the service whatever its own document allows, and much that it does not, by the program
schemathesis: no answer may be a 5xx or stand outside the document.

    cargo build && python3 tests/schemathesis.py [EXAMPLES [ROLE...]]

EXAMPLES requests of each kind an operation, 50 when nothing is said; ROLEs are accounts of the
sample county without `qinghe-`, such as clerk, town, village. The sample county is made and served
from a temporary folder, and schemathesis is installed into another one. Nothing stays.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.request
import venv

TOP = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = TOP / "target/debug/taizhang"
PASSWORD = "山高水长路远天阔云淡风轻月明星稀"
ROLES = ["clerk", "town", "village", "rural"]
# 2026-11: the release that the checks below were chosen from
TOOL = "schemathesis>=4.32,<5"
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
]
# a header with control characters is no HTTP: it is answered before the service hears of it
HOOKS = """
import schemathesis

@schemathesis.hook
def filter_case(context, case):
    return all(str(value).isprintable() for value in (case.headers or {}).values())
"""
# these end the session that asks
LEFT_OUT = ["close_session", "revoke_session", "change_password"]


def ask(url, body=None, token=None):
    """What is answered: JSON, or nothing."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def serve(folder):
    """The program, where it listens, and the code of each account."""
    arguments = [PROGRAM, "--json", "--lang", "en", "demo", "--listen", "127.0.0.1:0", "--no-open"]
    log = open(folder / "log", "w+")
    said = open(folder / "said", "w+")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TAIZHANG_")}
    program = subprocess.Popen(arguments, cwd=folder, stdout=said, stderr=log, env=environment)
    while "Ctrl-C" not in (told := (folder / "log").read_text()):
        if program.poll() is not None:
            sys.exit(told)
    at = told.split("http://")[1].split("/")[0]
    # two documents: the report, and the accounts
    decoder, text = json.JSONDecoder(), (folder / "said").read_text()
    _, end = decoder.raw_decode(text)
    accounts, _ = decoder.raw_decode(text[end:].lstrip())
    codes = {row["account"].removeprefix("qinghe-"): row["code"] for row in accounts["rows"]}
    return program, f"http://{at}/api/v1", codes


def run(tool, hooks, service, role, code, examples):
    """The exit code of the tool for somebody of a role."""
    name = f"qinghe-{role}"
    ask(f"{service}/links", {"code": code, "password": PASSWORD})
    opened = ask(f"{service}/sessions", {"name": name, "password": PASSWORD})
    command = [tool, "run", f"{service}/openapi.json", "--checks", ",".join(CHECKS)]
    command += ["--max-examples", str(examples), "--continue-on-failure", "--warnings", "off"]
    command += ["--phases", "examples,coverage,fuzzing", "--seed", "1", "--no-color"]
    command += ["--suppress-health-check", "all", "--workers", "2"]
    command += ["--header", f"Authorization: Bearer {opened['access_token']}"]
    for operation in LEFT_OUT:
        command += ["--exclude-operation-id", operation]
    print(f"== {name}", flush=True)
    ended = subprocess.call(command, env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks"}, cwd=hooks)
    # with a token that had ended, everything would have been a well-documented 401
    ask(f"{service}/me", token=opened["access_token"])
    return ended


def main():
    words = sys.argv[1:]
    examples = int(words.pop(0)) if words else 50
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        venv.create(folder / "tool", with_pip=True)
        install = [folder / "tool/bin/pip", "install", "--quiet", TOOL]
        subprocess.check_call(install)
        program, service, codes = serve(folder)
        try:
            tool = folder / "tool/bin/schemathesis"
            (folder / "hooks.py").write_text(HOOKS)
            asked = words or ROLES
            failed = [one for one in asked if run(tool, folder, service, one, codes[one], examples)]
        finally:
            program.send_signal(signal.SIGTERM)
            ended = program.wait(30)
        place = f"sqlite:{folder}/taizhang-demo/taizhang.db"
        sound = subprocess.call([PROGRAM, "--database", place, "verify", "--rows"])
        if failed or ended or sound:
            sys.exit(f"not as the document says: {failed}; ended with {ended}, verified with {sound}")


if __name__ == "__main__":
    main()
