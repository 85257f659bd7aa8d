"""How much memory a notebook's processes hold: PSS, so that shared pages count once."""
import pathlib

import psutil

from frontend import FrontEnd


def megabytes(notebook: FrontEnd) -> float:
    """The kernel and what it started for this notebook alone (the shared server is nobody's child)."""
    kernel = psutil.Process(notebook.manager.provisioner.pid)
    return sum(pss(p.pid) for p in [kernel, *kernel.children(recursive=True)] if p.name() != "java") / 1024


def pss(pid: int) -> int:
    """Kilobytes, from the kernel's own sum."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise ValueError(f"no Pss for process {pid}")
