"""What goes wrong, on purpose: each fault has a clear message with the next step, and the notebook goes on."""
import os
import pathlib
import re
import stat

import pytest

NOISE = ("rpc error", "goroutine ", "*errors.", "*fmt.", "panic: runtime", "status.Error", "at org.apache.spark")


def path_without(tmp_path: pathlib.Path, *missing: str) -> str:
    """A PATH with every command of the real one but those."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for directory in os.environ["PATH"].split(os.pathsep):
        for command in pathlib.Path(directory).glob("*"):
            if command.name not in missing and not (folder / command.name).exists():
                (folder / command.name).symlink_to(command)
    return str(folder)


def script(file: pathlib.Path, text: str) -> pathlib.Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n" + text)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def fails(notebook, code: str, *says: str, timeout: float = 60) -> str:
    """Runs a cell that must fail with these words, and shows that the notebook goes on."""
    ran = notebook.run(code, timeout)
    assert not ran.ok, f"{code} should have failed; it said {ran.text}"
    for words in says:
        assert re.search(words, ran.error, re.IGNORECASE), f"no {words!r} in:\n{ran.error}"
    shown = [o for o in ran.outputs if o["type"] == "error"]
    assert len(shown) == 1, "one error output for one fault"
    head = shown[0]["ename"] + shown[0]["evalue"]
    for noise in NOISE:
        assert noise not in head, f"{noise!r} in what a person reads first:\n{head}"
    assert notebook.ok("%help").ok
    return ran.error


def test_no_java(own_runtime, open_notebook, tmp_path):
    env = own_runtime.env | {"PATH": path_without(tmp_path, "java"), "JAVA_HOME": ""}
    fails(open_notebook(env), "%%sql\nselect 1", "java", r"install|apt-get|JAVA_HOME")


def test_broken_java(own_runtime, open_notebook, tmp_path):
    script(tmp_path / "jdk/bin/java", "echo 'Error: could not find libjava.so' >&2; exit 2\n")
    env = own_runtime.env | {"JAVA_HOME": str(tmp_path / "jdk")}
    fails(open_notebook(env), "%%sql\nselect 1", "java", "JAVA_HOME|libjava.so")


def test_old_java(own_runtime, open_notebook, tmp_path):
    script(tmp_path / "jdk/bin/java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    env = own_runtime.env | {"JAVA_HOME": str(tmp_path / "jdk")}
    fails(open_notebook(env), "%%sql\nselect 1", "java", "17")


def test_no_spark(own_runtime, open_notebook, tmp_path):
    env = own_runtime.env | {"SPARK_HOME": str(tmp_path)}
    fails(open_notebook(env), "%%sql\nselect 1", "SPARK_HOME", "spark")


def test_no_go(runtime, open_notebook, tmp_path):
    """SQL needs no Go; a Go cell says how to get it."""
    notebook = open_notebook(runtime.env | {"PATH": path_without(tmp_path, "go", "gofmt")})
    fails(notebook, "1 + 2", r"\bgo\b", "install|go.dev|PATH")
    assert notebook.ok("%%sql\nselect 41 + 1 as answer").ok


def test_wrong_token(runtime, notebook):
    notebook.ok("%%sql\nselect 1")
    address = re.search(r"127\.0\.0\.1:\d+", runtime.gospark("server", "status").stdout)
    assert address, runtime.gospark("server", "status")
    error = fails(notebook, f"%spark connect sc://{address[0]}/;token=wrong-one", "token|refused|authenticat")
    assert "wrong-one" not in error, "a token must never be shown"
    notebook.ok("%spark start")
    notebook.ok("%%sql\nselect 1")


def test_nobody_there(notebook):
    fails(notebook, "%spark connect sc://127.0.0.1:1", "127.0.0.1:1", timeout=60)
    fails(notebook, "%spark connect http://example", "sc://")


@pytest.mark.parametrize(
    "code, says",
    [
        ("%spark start --mastr local[1]", "--master"),
        ("%sparc", "%spark"),
        ("%%sql --expalin\nselect 1", "--explain"),
        ("%%sql -n many\nselect 1", "-n"),
        ("%%sql", "statement|SQL"),
        ("%spark strat", "start"),
    ],
)
def test_bad_option(notebook, code, says):
    fails(notebook, code, says)


def test_bad_sql(notebook):
    fails(notebook, "%%sql\nselect frm flights whre", "PARSE_SYNTAX_ERROR", "line|cell")
    fails(notebook, "%%sql\nselect * from fligths", "TABLE_OR_VIEW_NOT_FOUND", "fligths")
    fails(notebook, "%%sql\nselect 1/0 as x", "DIVIDE_BY_ZERO", "try_divide")
    fails(notebook, "%%sql\nselect nme from (select 1 as name)", "UNRESOLVED_COLUMN", "`?name`?")


def test_bad_go(notebook):
    notebook.ok("kept := 1")
    fails(notebook, "x := 1\ny := x +", "line 2")
    fails(notebook, "x := 1\nx.foo()", "foo", "line 2")
    fails(notebook, "var m map[string]int\nm[\"a\"] = 1", "nil map", "line 2")
    fails(notebook, 'errors.New("of my own")', "of my own")
    fails(notebook, "os.Exit(3)", "3")
    fails(notebook, 'spark.Table("nowhere").Count(ctx)', "TABLE_OR_VIEW_NOT_FOUND")
    assert notebook.ok("kept + 1").plain == "2", "a failing cell must not cost the variables of those before"


def test_interrupt_keeps_state(notebook):
    notebook.ok("kept := 41")
    request = notebook.start('fmt.Println("looping")\nfor {}')
    notebook.until(request, "looping")
    notebook.manager.interrupt_kernel()
    assert not notebook.wait(request, 10).ok
    assert notebook.ok("kept + 1").plain == "42"


def test_interrupt_stops_spark(notebook):
    notebook.ok("%%sql\nselect 1")
    request = notebook.start(
        'fmt.Println("asking")\nspark.SQL(ctx, "select count(*) from range(1000000000000) where id % 7 = rand()").Collect(ctx)'
    )
    notebook.until(request, "asking")
    notebook.manager.interrupt_kernel()
    assert not notebook.wait(request, 20).ok
    notebook.ok("%%sql\nselect 1")


def test_server_dies_during_a_query(own_runtime, open_notebook):
    notebook = open_notebook(own_runtime.env)
    notebook.ok("%%sql\ncreate or replace temp view mine as select 1 as one")
    java = servers(own_runtime)
    assert len(java) == 1, f"one server, not {java}"
    request = notebook.start("%%sql\nselect count(*) from range(1000000000000) where id % 7 = rand()")
    wait_until_spark_works(own_runtime, java[0])
    java[0].kill()
    ran = notebook.wait(request, 60)
    assert not ran.ok and re.search("server", ran.error, re.IGNORECASE), ran.error
    again = notebook.run("%%sql\nselect 40 + 2 as answer", 120)
    assert "42" in again.plain, f"the next cell should find a new server:\n{again.text}"
    gone = notebook.run("%%sql\nselect * from mine")
    assert not gone.ok, "the new server cannot know the old one's views"


def wait_until_spark_works(runtime, java) -> None:
    """The query keeps a core busy once it runs."""
    for _ in range(100):
        if java.cpu_percent(interval=0.2) > 60:
            return
    raise TimeoutError("the query did not start")


def test_two_notebooks_one_server(runtime, open_notebook):
    first, second = open_notebook(runtime.env), open_notebook(runtime.env)
    first.ok("%%sql\ncreate or replace temp view only_mine as select 7 as n")
    second.ok("%%sql\nselect 1")
    where = [re.search(r"127\.0\.0\.1:\d+", n.ok("%spark").text) for n in (first, second)]
    assert where[0] and where[1] and where[0][0] == where[1][0], "both use the same server"
    fails(second, "%%sql\nselect * from only_mine", "TABLE_OR_VIEW_NOT_FOUND")
    assert len(servers(runtime)) == 1


def servers(runtime) -> list:
    """The Spark servers: every Java but the one that may be training a class archive in its own folder."""
    java = [p for p in runtime.processes() if p.name() == "java"]
    return [p for p in java if "/cds/" not in " ".join(p.cmdline())]
