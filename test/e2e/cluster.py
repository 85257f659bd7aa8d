"""A real Spark standalone cluster on this machine's loopback: a master and workers of the pyspark wheel."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import pyspark

OPENS = ("java.lang", "java.lang.invoke", "java.net", "java.nio", "java.util", "java.util.concurrent", "sun.nio.ch")


class Daemon:
    """A master or a worker, with its executors one process group."""

    def __init__(self, folder: pathlib.Path, env: dict, name: str, *arguments: str):
        home = pathlib.Path(pyspark.__path__[0])
        java = pathlib.Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else shutil.which("java")
        self.log = folder / f"{name}.log"
        command = [str(java), "-Xmx256m", *(f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in OPENS), "-cp", f"{home}/jars/*"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, *arguments, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"],
                # SPARK_SCALA_VERSION is what Spark's scripts find out by themselves.
                env={**env, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"},
                cwd=folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )

    def told(self, pattern: str) -> str:
        """Waits for a line of the log."""
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(pattern, self.log.read_text(errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no {pattern} in\n{self.log.read_text(errors='replace')[-3000:]}")

    def kill(self) -> None:
        """Ends it and its executors at once, as the loss of a machine does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Cluster:
    """A master and two workers of one core. Use it as a context manager."""

    def __init__(self, env: dict):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gospark-cluster-"))
        self.env = env
        self.daemons: list[Daemon] = []

    def __enter__(self) -> "Cluster":
        try:
            deploy = "org.apache.spark.deploy"
            self.master = self.start("master", f"{deploy}.master.Master").told(r"Starting Spark master at (spark://\S+)")
            self.workers = [
                self.start(f"worker{n}", f"{deploy}.worker.Worker", "--cores", "1", "--memory", "1g",
                           "--work-dir", str(self.folder / f"work{n}"), self.master)
                for n in (1, 2)
            ]
            for worker in self.workers:
                worker.told(r"Successfully registered with master (\S+)")
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, name: str, *arguments: str) -> Daemon:
        self.daemons.append(Daemon(self.folder, self.env, name, *arguments))
        return self.daemons[-1]

    def __exit__(self, *_: object) -> None:
        for daemon in reversed(self.daemons):
            daemon.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
