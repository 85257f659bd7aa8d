"""libzmq (pyzmq) against the sockets of a kernel, which echo on shell and
publish what they are told to.

usage: peer.py CONNECTION_FILE TEST
"""
import json
import os
import sys
import time

import zmq
from zmq.utils.monitor import recv_monitor_message

TIMEOUT = 20_000
with open(sys.argv[1]) as f:
    INFO = json.load(f)


def url(channel):
    port = INFO[f"{channel}_port"]
    if INFO["transport"] == "ipc":
        return f"ipc://{INFO['ip']}-{port}"
    ip = INFO["ip"]
    return f"tcp://[{ip}]:{port}" if ":" in ip else f"tcp://{ip}:{port}"


def socket(typ, channel, **options):
    s = zmq.Context.instance().socket(typ)
    s.linger = 0
    s.rcvtimeo = TIMEOUT
    s.sndtimeo = TIMEOUT
    if ":" in INFO["ip"]:
        s.ipv6 = True
    if "curve_publickey" in INFO:
        s.curve_publickey = s.curve_serverkey = INFO["curve_publickey"].encode()
        s.curve_secretkey = INFO["curve_secretkey"].encode()
    for name, value in options.items():
        setattr(s, name, value)
    s.connect(url(channel))
    return s


def echo(s, *frames):
    s.send_multipart(frames)
    got = s.recv_multipart()
    assert got == list(frames), (len(got), [len(f) for f in got])


def test_all():
    """Every channel, small and large, many frames, and heartbeats all along."""
    beat = dict(heartbeat_ivl=20, heartbeat_ttl=1000, heartbeat_timeout=5000)
    shell = socket(zmq.DEALER, "shell", identity=b"front-end", **beat)
    echo(shell, b"hello")
    echo(shell, b"", b"x", b"")
    echo(shell, *[b"%d" % i for i in range(2000)])
    echo(shell, b"head", os.urandom(20 << 20), os.urandom(300), os.urandom(1 << 20))
    hb = socket(zmq.REQ, "hb", **beat)
    for text in (b"ping", b"", b"x" * 100_000):
        hb.send(text)
        assert hb.recv() == text
    sub = socket(zmq.SUB, "iopub", **beat)
    for topic in (b"a", b"b"):
        sub.subscribe(topic)
        assert sub.recv_multipart() == [topic, b"welcome"]
    shell.send_multipart([b"publish", b"3"])
    assert shell.recv_multipart() == [b"publish", b"3"]
    assert [sub.recv_multipart() for _ in range(6)] == [[t, b"%d" % i] for i in range(3) for t in (b"a", b"b")]
    sub.unsubscribe(b"a")
    time.sleep(0.2)  # longer than a TTL and some heartbeats
    shell.send_multipart([b"publish", b"2"])
    shell.recv_multipart()
    assert [sub.recv_multipart() for _ in range(2)] == [[b"b", b"0"], [b"b", b"1"]]
    for i in range(100):
        s = socket(zmq.DEALER, "shell", identity=b"again")
        echo(s, b"%d" % i)
        s.close()


def outcome(typ, channel, **options):
    """How a handshake ends, watched from before it begins."""
    s = zmq.Context.instance().socket(typ)
    s.linger = 0
    for name, value in options.items():
        setattr(s, name, value)
    events = s.get_monitor_socket(
        zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH
        | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
    events.rcvtimeo = TIMEOUT
    s.connect(url(channel))
    event = zmq.Event(recv_monitor_message(events)["event"]).name
    s.disable_monitor()
    s.close()
    return event


def keys(public=None, secret=None, server=None):
    mine = zmq.curve_keypair()
    return dict(curve_publickey=public or mine[0], curve_secretkey=secret or mine[1],
                curve_serverkey=server or INFO["curve_publickey"].encode())


def test_curve_required():
    own = INFO["curve_publickey"].encode(), INFO["curve_secretkey"].encode()
    assert outcome(zmq.DEALER, "shell", **keys(*own)) == "HANDSHAKE_SUCCEEDED"
    assert outcome(zmq.REQ, "hb", **keys()) == "HANDSHAKE_SUCCEEDED"
    assert outcome(zmq.DEALER, "shell") != "HANDSHAKE_SUCCEEDED"
    for channel, typ in (("shell", zmq.DEALER), ("control", zmq.DEALER), ("stdin", zmq.DEALER), ("iopub", zmq.SUB)):
        assert outcome(typ, channel, **keys()) == "HANDSHAKE_FAILED_AUTH", channel
    assert outcome(zmq.DEALER, "shell", **keys(*own, server=zmq.curve_keypair()[0])) != "HANDSHAKE_SUCCEEDED"


def test_no_keys():
    """CURVE against a kernel without keys."""
    mine = zmq.curve_keypair()
    got = outcome(zmq.DEALER, "shell", curve_publickey=mine[0], curve_secretkey=mine[1], curve_serverkey=mine[0])
    assert got == "HANDSHAKE_FAILED_PROTOCOL", got


def test_identity():
    """An identity stays with who answers PING, which libzmq does by itself."""
    first = socket(zmq.DEALER, "shell", identity=b"same")
    echo(first, b"mine")
    second = socket(zmq.DEALER, "shell", identity=b"same", rcvtimeo=3000)
    second.send(b"not mine")
    try:
        raise AssertionError(second.recv())
    except zmq.Again:
        pass
    echo(first, b"still mine")
    first.close()
    second.rcvtimeo = TIMEOUT
    assert second.recv() == b"not mine"  # libzmq has tried again and again


if __name__ == "__main__":
    globals()["test_" + sys.argv[2]]()
    zmq.Context.instance().destroy(linger=0)
