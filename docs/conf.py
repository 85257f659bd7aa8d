"""How Sphinx makes a site of these pages: MyST Markdown, with the theme Furo."""
import pathlib
import re

project = "gospark"
author = "the gospark authors"
release = re.search(r'const Version = "(.+)"', pathlib.Path("../source.go").read_text()).group(1)

extensions = ["myst_parser", "sphinx_copybutton"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # a Go cell may begin with %%sql

html_theme = "furo"
html_title = f"gospark {release}"
html_logo = html_favicon = "../kernelspec/logo/logo-svg.svg"
html_show_sourcelink = False
html_show_copyright = False
