"""Tells hatchling for which machine the wheel is, and what `gospark install` wrote."""
import os
import pathlib

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Wheel(BuildHookInterface):
    """The tag comes from scripts/wheel; every file below data/ goes below the environment's prefix."""

    def initialize(self, version: str, build_data: dict) -> None:
        build_data["tag"] = os.environ["GOSPARK_WHEEL_TAG"]
        build_data["pure_python"] = False
        data = pathlib.Path(self.root, "data")
        build_data["shared_data"] = {str(f): str(f.relative_to(data)) for f in data.rglob("*") if f.is_file()}
