"""A front end with next to no costs of its own, so that what it measures is the kernel.

jupyter_client checks, decodes and dates every message, about 0.3 ms each; with that the slowest part of a flood is the
asking side. This one speaks pyzmq to the same sockets and decodes what it must: whose message it is, and what kind.
"""
import json
import time

import zmq
from jupyter_client.session import Session

DELIMITER = b"<IDS|MSG>"


class Raw:
    """A second front end of a running kernel. Use it as a context manager."""

    def __init__(self, client):
        info = client.get_connection_info()
        self.session = Session(key=client.session.key)
        self.context = zmq.Context()
        self.shell = self.open(zmq.DEALER, info, "shell_port")
        self.iopub = self.open(zmq.SUB, info, "iopub_port")
        self.poller = zmq.Poller()
        self.poller.register(self.shell, zmq.POLLIN)
        self.poller.register(self.iopub, zmq.POLLIN)
        self.iopub.subscribe(b"")
        self.welcomed()

    def open(self, kind: int, info: dict, port: str):
        socket = self.context.socket(kind)
        socket.set_hwm(0)
        socket.connect(f"{info['transport']}://{info['ip']}:{info[port]}")
        return socket

    def welcomed(self) -> None:
        """The subscription is there when the answer to a request arrives on iopub."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            request = self.send("kernel_info_request", {})
            self.shell.recv_multipart()
            while self.iopub.poll(200):
                if idle_of(self.iopub.recv_multipart()) == request:
                    return
        raise TimeoutError("no iopub after 30 s")

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.destroy(linger=0)

    def send(self, kind: str, content: dict) -> str:
        message = self.session.msg(kind, content)
        self.shell.send_multipart(self.session.serialize(message))
        return message["header"]["msg_id"]

    def execute(self, code: str) -> str:
        return self.send("execute_request", {"code": code, "silent": False, "store_history": True,
                                             "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})

    def complete(self, code: str) -> None:
        """Asks for completions at the end of code; there must be some."""
        request = self.send("complete_request", {"code": code, "cursor_pos": len(code)})
        content = json.loads(self.shell.recv_multipart()[-1])
        assert content["status"] == "ok" and content["matches"], content
        while idle_of(self.iopub.recv_multipart()) != request:
            pass

    def run(self, code: str) -> None:
        """Runs a cell up to its idle and its reply; it must succeed."""
        self.wait([self.execute(code)])

    def wait(self, requests: list[str], timeout: float = 120) -> None:
        """Waits for idle and an "ok" reply of every request, which must come in the order asked."""
        deadline = time.monotonic() + timeout
        idle, replied = [], []
        while len(idle) < len(requests) or len(replied) < len(requests):
            ready = dict(self.poller.poll(1000 * max(0, deadline - time.monotonic())))
            if not ready:
                raise TimeoutError(f"{len(idle)} idle and {len(replied)} replies of {len(requests)} in {timeout} s")
            if self.iopub in ready:
                drain(self.iopub, idle_of, idle)
            if self.shell in ready:
                drain(self.shell, reply_of, replied)
        assert idle == requests and replied == requests, "answers out of order"


def drain(socket, take, into: list[str]) -> None:
    """Reads what is there."""
    while True:
        try:
            frames = socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return
        if request := take(frames):
            into.append(request)


def idle_of(frames: list[bytes]) -> str | None:
    """The request that a message on iopub ends."""
    parts = frames[frames.index(DELIMITER) + 2:]
    if len(parts[3]) > 100 or b"idle" not in parts[3]:
        return None
    return json.loads(parts[1]).get("msg_id")


def reply_of(frames: list[bytes]) -> str:
    """The request that a message on shell answers."""
    parts = frames[frames.index(DELIMITER) + 2:]
    content = json.loads(parts[3])
    assert content["status"] == "ok", content
    return json.loads(parts[1])["msg_id"]
