"""Front ends of the field against a kernel: jupyter_client and pyzmq (libzmq).

Every message is checked against the schemas of jupyter_kernel_test. Two of its
rules are wrong and excused by name: it knows the status "abort" instead of
"aborted", and wants input_request's "password" to be a number.

usage: peers.py CONNECTION_FILE
"""
import sys

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.session import Session
from jupyter_kernel_test.msgspec_v5 import validate_message

TIMEOUT = 20


def check(msg):
    excused = msg["msg_type"] in ("input_request", "iopub_welcome", "usage_reply")
    if not excused and msg["content"].get("status") != "aborted":
        validate_message(msg, msg["msg_type"])
    return msg


def until_idle(kc, msg_id):
    """All messages of a request up to its idle; none of any other."""
    out = []
    while True:
        msg = check(kc.get_iopub_msg(timeout=TIMEOUT))
        assert msg["parent_header"]["msg_id"] == msg_id, msg
        if msg["content"].get("execution_state") == "idle":
            return out
        out.append(msg)


def reply(kc, msg_id, channel="shell"):
    msg = check(getattr(kc, f"get_{channel}_msg")(timeout=TIMEOUT))
    assert msg["parent_header"]["msg_id"] == msg_id, msg
    return msg["content"]


def execute(kc, code, **flags):
    msg_id = kc.execute(code, **flags)
    out = until_idle(kc, msg_id)
    return reply(kc, msg_id), out


def client(connection_file):
    kc = BlockingKernelClient(connection_file=connection_file)
    kc.load_connection_file()
    kc.start_channels()
    msg = kc.get_iopub_msg(timeout=TIMEOUT)
    assert msg["msg_type"] == "iopub_welcome" and msg["content"]["subscription"] == "", msg
    return kc


def test_requests(kc):
    for send in (kc.kernel_info, lambda: kc.complete("abc", 1), lambda: kc.inspect("abc", 1),
                 lambda: kc.is_complete("abc"), lambda: kc.history(hist_access_type="tail", n=3), kc.comm_info):
        msg_id = send()
        until_idle(kc, msg_id)
        assert reply(kc, msg_id).get("status") in ("ok", "complete")


def test_cells(kc):
    content, out = execute(kc, "print hello")
    assert content["status"] == "ok" and out[2]["content"] == {"name": "stdout", "text": "hello"}, out
    content, out = execute(kc, "fail badly")
    assert content["ename"] == "Failure" and out[-1]["msg_type"] == "error", out
    content, out = execute(kc, "lines 100000")
    text = "".join(m["content"]["text"] for m in out if m["msg_type"] == "stream")
    assert text.splitlines() == [f"line {i}" for i in range(100000)]


def test_input(kc):
    msg_id = kc.execute("ask name?")
    question = check(kc.get_stdin_msg(timeout=TIMEOUT))
    assert question["content"] == {"prompt": "name?", "password": False}, question
    kc.input("Ada")
    out = until_idle(kc, msg_id)
    assert out[-1]["content"]["text"] == "Ada", out
    assert reply(kc, msg_id)["status"] == "ok"


def test_interrupt(kc):
    ids = [kc.execute("wait"), kc.execute("print never")]
    while check(kc.get_iopub_msg(timeout=TIMEOUT))["msg_type"] != "stream":
        pass
    request = kc.session.msg("interrupt_request", {})
    kc.control_channel.send(request)
    assert reply(kc, request["header"]["msg_id"], "control")["status"] == "ok"
    assert [reply(kc, i)["status"] for i in ids] == ["error", "aborted"]
    open_requests = {*ids, request["header"]["msg_id"]}  # their ends come in any order
    while open_requests:
        msg = check(kc.get_iopub_msg(timeout=TIMEOUT))
        if msg["content"].get("execution_state") == "idle":
            open_requests.remove(msg["parent_header"]["msg_id"])


def socket(kc, typ, channel, **options):
    """A libzmq socket with options that upset careless kernels."""
    s = zmq.Context.instance().socket(typ)
    for name, value in options.items():
        setattr(s, name, value)
    s.rcvtimeo = TIMEOUT * 1000
    s.connect(f"tcp://{kc.ip}:{getattr(kc, channel + '_port')}")
    return s


def test_heartbeats(kc):
    """ZMTP heartbeats (PING) and subscriptions live together."""
    sub = socket(kc, zmq.SUB, "iopub", heartbeat_ivl=20, heartbeat_timeout=2000, linger=0)
    sub.subscribe(b"")
    session = Session(key=kc.session.key)
    assert session.deserialize(session.feed_identities(sub.recv_multipart())[1])["msg_type"] == "iopub_welcome"
    dealer = socket(kc, zmq.DEALER, "shell", heartbeat_ivl=20, heartbeat_timeout=2000, linger=0)
    for _ in range(50):
        session.send(dealer, "kernel_info_request")
        msg = session.deserialize(session.feed_identities(dealer.recv_multipart())[1])
        assert msg["msg_type"] == "kernel_info_reply"
        seen = [session.deserialize(session.feed_identities(sub.recv_multipart())[1]) for _ in range(2)]
        assert [m["content"]["execution_state"] for m in seen] == ["busy", "idle"]
        for _ in seen:
            kc.get_iopub_msg(timeout=TIMEOUT)
    beat = socket(kc, zmq.REQ, "hb", heartbeat_ivl=20, linger=0)
    for text in (b"ping", b"", b"x" * 100_000):
        beat.send(text)
        assert beat.recv() == text
    for s in (sub, dealer, beat):
        s.close()


def test_reconnects(kc):
    for i in range(100):
        s = socket(kc, zmq.REQ, "hb", linger=0)
        s.send(b"%d" % i)
        assert s.recv() == b"%d" % i
        s.close()


def test_shutdown(kc):
    msg_id = kc.shutdown()
    assert reply(kc, msg_id, "control") == {"status": "ok", "restart": False}
    out = until_idle(kc, msg_id)
    assert [m["msg_type"] for m in out] == ["status", "shutdown_reply"], out


def main():
    kc = client(sys.argv[1])
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test(kc)
            print("ok", name, flush=True)
    kc.stop_channels()


if __name__ == "__main__":
    main()
