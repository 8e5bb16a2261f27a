"""Third-party files of the pages: version, address and hash, said once.

Read by the pages and by the set-up, which runs before anything is installed; so this file imports
nothing.
"""

HTMX_VERSION = "4.0.1"
HTMX_PACKAGE = f"htmx.org@{HTMX_VERSION}"
HTMX_FILE = "dist/htmx.min.js"
CDN = "https://cdn.jsdelivr.net"
HTMX_URL = f"{CDN}/npm/{HTMX_PACKAGE}/{HTMX_FILE}"
# Of the file in the npm package; the CDN serves the same bytes.
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
# Under pim/static, where the set-up puts a copy and git ignores it.
HTMX_LOCAL = "vendor/htmx.min.js"
