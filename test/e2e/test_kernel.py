"""What the installed kernel does as a process: encryption, subshells, history, signals, and leaving nothing behind."""
import os
import pathlib
import signal
import time

import psutil
import pytest
import zmq

from frontend import FrontEnd

LOOP = 'fmt.Println("going"); for { time.Sleep(time.Millisecond) }'


def until(condition, timeout: float = 20) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.05)


def ask(notebook: FrontEnd, kind: str, **content) -> dict:
    """One request on control."""
    message = notebook.client.session.msg(kind, content)
    notebook.client.control_channel.send(message)
    while True:
        reply = notebook.client.get_control_msg(timeout=20)
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return reply["content"]


def beside(notebook: FrontEnd, subshell: str, code: str) -> str:
    """Sends a cell to a subshell."""
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    message = notebook.client.session.msg("execute_request", content)
    message["header"]["subshell_id"] = subshell
    notebook.client.shell_channel.send(message)
    return message["header"]["msg_id"]


def statuses(notebook: FrontEnd, *requests: str) -> set[str]:
    """How cells that end side by side ended."""
    replies = {}
    while not all(request in replies for request in requests):
        reply = notebook.client.get_shell_msg(timeout=20)
        replies[reply["parent_header"].get("msg_id")] = reply["content"]["status"]
    return {replies[request] for request in requests}


def family(notebook: FrontEnd) -> list[psutil.Process]:
    """The kernel and what it started, but not the shared server, which is nobody's child."""
    kernel = psutil.Process(notebook.manager.provisioner.pid)
    return [kernel, *kernel.children(recursive=True)]


@pytest.mark.parametrize("policy", ["auto", "required"])
def test_encrypted(runtime, open_notebook, policy):
    """Everything that a front end says and hears goes through CurveZMQ, the heartbeat too."""
    notebook = open_notebook(runtime.env, transport_encryption=policy)
    assert notebook.manager.curve_publickey, "jupyter_client made no keys: the kernelspec does not declare curve"
    assert notebook.ok("1 + 2").plain.strip() == "3"
    loop = notebook.start(LOOP)
    notebook.until(loop, "going")
    notebook.manager.interrupt_kernel()
    assert not notebook.wait(loop).ok
    assert notebook.client.hb_channel.is_beating()
    with zmq.Context() as context, context.socket(zmq.SUB) as stranger:  # one without the keys hears nothing
        stranger.linger = 0
        stranger.subscribe(b"")
        stranger.connect(f"tcp://{notebook.manager.ip}:{notebook.manager.iopub_port}")
        notebook.ok("3 + 4")
        assert not stranger.poll(500)


def test_subshells(notebook):
    """SQL and Go run in a subshell while a cell of the main shell is busy; each is interrupted with it."""
    notebook.ok("answer := 42")
    loop = notebook.start(LOOP)
    notebook.until(loop, "going")
    subshell = ask(notebook, "create_subshell_request")["subshell_id"]
    assert ask(notebook, "list_subshell_request")["subshell_id"] == [subshell]
    sql = notebook.wait(beside(notebook, subshell, "%%sql\nselect 40 + 2 as n"))
    assert sql.ok and "42" in sql.plain, sql.text
    go = notebook.wait(beside(notebook, subshell, "answer"))
    assert go.ok and go.plain.strip() == "42", go.text
    other = beside(notebook, subshell, LOOP)
    notebook.until(other, "going")
    notebook.manager.interrupt_kernel()
    assert statuses(notebook, loop, other) == {"error"}
    assert ask(notebook, "delete_subshell_request", subshell_id=subshell)["status"] == "ok"
    assert ask(notebook, "delete_subshell_request", subshell_id=subshell)["status"] == "error"
    assert notebook.ok("answer").plain.strip() == "42"


def test_late_output(notebook):
    """A goroutine's output goes to the cell that started it, not to the one that runs."""
    first = notebook.start('more := make(chan bool)\ngo func() { <-more; fmt.Println("late"); close(more) }()')
    assert notebook.wait(first).ok
    second = notebook.start('more <- true\n<-more\nfmt.Println("own")')
    heard: dict[str, str] = {}
    deadline = time.monotonic() + 30
    while "late" not in heard.get(first, "") or "own" not in heard.get(second, ""):
        message = notebook.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
        parent = message["parent_header"].get("msg_id")
        heard[parent] = heard.get(parent, "") + message["content"].get("text", "")
    assert heard == {first: "late\n", second: "own\n"}


def test_history(runtime, open_notebook, tmp_path):
    """The next notebook finds what the last one ran; both write to one store."""
    env = runtime.env | {"XDG_DATA_HOME": str(tmp_path / "data")}
    first = open_notebook(env)
    first.ok("remembered := 1")
    second = open_notebook(env)
    second.ok("other := 2")
    second.client.history(raw=True, output=False, hist_access_type="search", pattern="*remembered*")
    found = second.client.get_shell_msg(timeout=20)
    while found["msg_type"] != "history_reply":
        found = second.client.get_shell_msg(timeout=20)
    assert [entry[2] for entry in found["content"]["history"]] == ["remembered := 1"]
    store = list((tmp_path / "data").rglob("history*"))
    assert store and all(file.is_dir() or file.stat().st_mode & 0o077 == 0 for file in store), store


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it(notebook, number):
    """A polite signal ends the kernel and its worker, also in an endless loop."""
    notebook.ok("1 + 1")
    loop = notebook.start(LOOP)
    notebook.until(loop, "going")
    kernel, *others = family(notebook)
    kernel.send_signal(number)
    _, left = psutil.wait_procs([kernel, *others], timeout=60)
    assert not left


def test_no_orphans(notebook):
    """SIGKILL of the kernel takes the worker and what cells started with it."""
    notebook.ok('exec.Command("sleep", "1000").Start()')
    everybody = family(notebook)
    assert any(p.name() == "sleep" for p in everybody), everybody
    os.kill(everybody[0].pid, signal.SIGKILL)
    _, left = psutil.wait_procs(everybody, timeout=60)
    assert not left, [p.name() for p in left]


def test_worker_dies(notebook):
    """The death of the Go process is told with what was lost, and the next cell has a new one."""
    notebook.ok("precious := []int{1, 2, 3}")
    worker = family(notebook)[1]
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(10)
    ran = notebook.run("precious")
    assert not ran.ok and "precious" in ran.error, ran.text
    assert notebook.ok("1 + 2").plain.strip() == "3"


def test_restart_keeps_ports(notebook):
    before = pathlib.Path(notebook.manager.connection_file).read_text()
    notebook.ok("x := 1")
    notebook.manager.restart_kernel(now=False)
    notebook.client.wait_for_ready(timeout=30)
    assert pathlib.Path(notebook.manager.connection_file).read_text() == before
    assert not notebook.run("x").ok, "a restart begins afresh"


def test_flat(notebook):
    """Two thousand cells leave no descriptors, threads or memory behind."""
    notebook.ok("1 + 1")

    def held() -> tuple[int, int, int]:
        members = family(notebook)
        return sum(p.num_fds() for p in members), sum(p.num_threads() for p in members), sum(p.memory_info().rss for p in members)

    for _ in range(200):
        notebook.ok("1 + 1")
    files, threads, memory = held()
    for _ in range(2000):
        notebook.ok("1 + 1")
    after = held()
    assert after[0] <= files + 4 and after[1] <= threads + 8, (files, threads, after)
    assert after[2] <= memory + (24 << 20), (memory, after)
