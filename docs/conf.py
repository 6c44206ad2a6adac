"""How the documentation is built: `sphinx-build -W -b html docs docs/_build/html`. Nothing is fetched for it."""

project = "Xiaoer"
author = "The Xiaoer authors"
copyright = "The Xiaoer authors"
language = "en"

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = "Xiaoer 小二"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#a2452c", "color-brand-content": "#a2452c"},
    "dark_css_variables": {"color-brand-primary": "#e58e73", "color-brand-content": "#e58e73"},
}
