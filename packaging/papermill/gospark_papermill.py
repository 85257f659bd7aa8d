"""Teaches papermill to write a notebook's parameters in Go.

papermill keeps its translators in a table of its own and looks for plug-ins only among engines. So this module is an engine,
papermill's usual one under another name, and puts the translator into the table when papermill loads it, which it does in
every run.
"""
import json
import math
import re

from papermill.engines import NBClientEngine as Engine
from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

__all__ = ["Engine", "GoTranslator"]

DECLARATION = re.compile(
    r"(?:(?P<name>[^\W\d]\w*)\s*:=|var\s+(?P<var>[^\W\d]\w*)(?:\s+(?P<type>[^=]+?))?\s*=)"
    r"\s*(?P<value>.+?)(?:\s+//\s*(?P<help>.*))?"
)


class GoTranslator(Translator):
    """Values of JSON and YAML as Go: a list is a slice and a dict a map, of one element type where all elements have one."""

    @classmethod
    def translate_none(cls, val):
        return "any(nil)"

    @classmethod
    def translate_int(cls, val):
        if not -(2**63) <= val < 2**63:
            raise PapermillException(f"{val} does not fit into an int of Go: hand it over as a string")
        return str(val)

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "math.NaN()"
        if math.isinf(val):
            return f"math.Inf({'1' if val > 0 else '-1'})"
        return repr(val)

    @classmethod
    def translate_escaped_str(cls, str_val):
        # What JSON escapes Go reads alike; a byte order mark may not stand in Go's source.
        return json.dumps(str(str_val), ensure_ascii=False).replace("\ufeff", "\\ufeff").replace("\x7f", "\\x7f")

    @classmethod
    def translate_list(cls, val):
        return f"{go_type(val)}{{{', '.join(map(cls.translate, val))}}}"

    @classmethod
    def translate_dict(cls, val):
        entries = (f"{cls.translate_str(str(key))}: {cls.translate(value)}" for key, value in val.items())
        return f"{go_type(val)}{{{', '.join(entries)}}}"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"{name} := {str_val}"

    @classmethod
    def inspect(cls, parameters_cell):
        """The declarations of the cell that is tagged "parameters", of one line each, with the comment behind them."""
        found = (DECLARATION.fullmatch(line.strip()) for line in parameters_cell["source"].splitlines())
        return [Parameter(m["name"] or m["var"], m["type"] or "None", m["value"], m["help"] or "") for m in found if m]


def go_type(val):
    """The Go type of a value."""
    if isinstance(val, bool):
        return "bool"
    if isinstance(val, int):
        return "int"
    if isinstance(val, float):
        return "float64"
    if isinstance(val, list):
        return "[]" + common_type(val)
    if isinstance(val, dict):
        return "map[string]" + common_type(val.values())
    return "any" if val is None else "string"


def common_type(values):
    """The type that all values have: whole numbers among others are float64."""
    types = {go_type(value) for value in values}
    if types == {"int", "float64"}:
        return "float64"
    return types.pop() if len(types) == 1 else "any"


papermill_translators.register("gospark", GoTranslator)
