"""A front end for tests: starts a kernel, runs cells, and keeps what came back as a notebook would."""
import dataclasses
import queue
import re
import time

from jupyter_client.manager import KernelManager

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclasses.dataclass
class Ran:
    """One cell that ended."""

    reply: dict
    outputs: list[dict] = dataclasses.field(default_factory=list)  # as nbformat keeps them

    @property
    def ok(self) -> bool:
        return self.reply["status"] == "ok"

    def stream(self, name: str) -> str:
        return "".join(o["text"] for o in self.outputs if o["type"] == "stream" and o["name"] == name)

    @property
    def stdout(self) -> str:
        return self.stream("stdout")

    def mime(self, kind: str) -> list:
        return [o["data"][kind] for o in self.outputs if kind in o.get("data", {})]

    @property
    def html(self) -> str:
        return "\n".join(self.mime("text/html"))

    @property
    def plain(self) -> str:
        return "\n".join(self.mime("text/plain"))

    @property
    def error(self) -> str:
        """Everything that the error output shows, without colours."""
        shown = [o for o in self.outputs if o["type"] == "error"]
        return ANSI.sub("", "\n".join([f"{o['ename']}: {o['evalue']}\n" + "\n".join(o["traceback"]) for o in shown]))

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.stdout, self.stream("stderr"), self.plain, self.error) if part)


class FrontEnd:
    """One notebook. Use it as a context manager: the kernel ends with it, whatever happens."""

    def __init__(self, env: dict, cwd: str, kernel: str = "gospark", **options):
        self.manager = KernelManager(kernel_name=kernel, **options)
        quiet = ["--log-level=ERROR"] if kernel == "python3" else []  # the bench's other side warns of TCP each time
        self.manager.start_kernel(env=env, cwd=str(cwd), extra_arguments=quiet)
        self.client = self.manager.blocking_client()
        try:
            self.connect()
        except BaseException:
            self.close()
            raise

    def connect(self) -> None:
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)

    def __enter__(self) -> "FrontEnd":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)
        self.manager.cleanup_resources()

    def start(self, code: str) -> str:
        """Sends a cell and returns its id without waiting."""
        return self.client.execute(code, allow_stdin=False)

    def run(self, code: str, timeout: float = 120) -> Ran:
        return self.wait(self.start(code), timeout)

    def ok(self, code: str, timeout: float = 120) -> Ran:
        """Runs a cell that must succeed."""
        ran = self.run(code, timeout)
        assert ran.ok, f"{code}\n→ {ran.text}"
        return ran

    def wait(self, request: str, timeout: float = 120) -> Ran:
        """Collects a cell's outputs until its idle, then its reply."""
        deadline = time.monotonic() + timeout
        page = Page()
        while True:
            message = self.next_of(request, deadline)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
            page.take(message)
        return Ran(self.reply_of(request, deadline), page.outputs)

    def next_of(self, request: str, deadline: float) -> dict:
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"no idle for {request} in time") from None
            if message["parent_header"].get("msg_id") == request:
                return message

    def reply_of(self, request: str, deadline: float) -> dict:
        while True:
            reply = self.client.get_shell_msg(timeout=max(1, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"]

    def until(self, request: str, wanted: str, timeout: float = 60) -> None:
        """Waits until a running cell has printed wanted."""
        deadline, seen = time.monotonic() + timeout, ""
        while wanted not in seen:
            message = self.next_of(request, deadline)
            seen += message["content"].get("text", "")
            assert message["content"].get("execution_state") != "idle", f"the cell ended; it printed {seen!r}"


class Page:
    """Applies output messages in order, as a notebook's output area does."""

    def __init__(self) -> None:
        self.outputs: list[dict] = []
        self.clear_next = False

    def take(self, message: dict) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            self.clear_next = content["wait"]
            if not content["wait"]:
                self.outputs.clear()
        elif kind == "update_display_data":
            self.update(content)
        elif kind in ("stream", "display_data", "execute_result", "error"):
            if self.clear_next:
                self.outputs.clear()
                self.clear_next = False
            self.outputs.append({"type": kind, **content})
        else:
            assert kind in ("status", "execute_input") or kind.startswith("comm_"), f"nobody asked for {kind}"

    def update(self, content: dict) -> None:
        name = content["transient"]["display_id"]
        for output in self.outputs:
            if output.get("transient", {}).get("display_id") == name:
                output["data"], output["metadata"] = content["data"], content["metadata"]
