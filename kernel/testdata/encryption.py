"""jupyter_client's transport_encryption against a kernel.

usage: encryption.py PROGRAM VARIABLE TRANSPORT

PROGRAM is a kernel that finds its connection file in an environment variable.
"""
import json
import os
import sys
import tempfile

program, variable, transport = sys.argv[1:]
folders = tempfile.TemporaryDirectory()
data = os.environ["JUPYTER_PATH"] = os.environ["JUPYTER_RUNTIME_DIR"] = folders.name

from jupyter_client import KernelManager  # noqa: E402


def spec(name, metadata):
    folder = os.path.join(data, "kernels", name)
    os.makedirs(folder)
    with open(os.path.join(folder, "kernel.json"), "w") as f:
        argv = ["sh", "-c", f'{variable}="$0" exec {program}', "{connection_file}"]
        json.dump({"argv": argv, "display_name": name, "language": "x", "interrupt_mode": "message",
                   "metadata": metadata}, f)


spec("declares", {"supported_encryption": ["curve"]})
spec("silent", {})


def try_out(name, policy):
    """A cell over an encrypted connection, heartbeat included, before and after a restart."""
    km = KernelManager(kernel_name=name, transport=transport, transport_encryption=policy)
    km.start_kernel()
    try:
        for _ in range(2):
            kc = km.client()
            kc.start_channels()
            kc.wait_for_ready(timeout=20)
            out = []
            kc.execute_interactive("print hello", timeout=20, output_hook=lambda m: out.append(m["content"].get("text")))
            assert "hello" in out, out
            assert kc.hb_channel.is_beating()
            with open(km.connection_file) as f:
                encrypted = "curve_secretkey" in json.load(f)
            kc.stop_channels()
            km.restart_kernel(now=False)
        return encrypted
    finally:
        km.shutdown_kernel()
        km.cleanup_resources()


assert try_out("declares", "auto") is True
assert try_out("declares", "required") is True
assert try_out("declares", "disabled") is False
assert try_out("silent", "auto") is False
try:
    try_out("silent", "required")
except RuntimeError as e:
    assert "supported_encryption" in str(e), e
else:
    raise AssertionError("started a kernel that cannot encrypt")
folders.cleanup()
