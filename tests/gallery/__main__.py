"""`python -m tests.gallery [port]`: look at the components in a browser."""

from __future__ import annotations

import sys

from tests.gallery import gallery_app

if __name__ == "__main__":
    gallery_app().run("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8090, threaded=True)
