"""The real web process, with a call that takes all the memory there is:
`python -m support.greedy_web PORT`. Its settings come from the environment.
"""

from __future__ import annotations

import sys
from typing import Any

from api.server import _options, _Server, fenced_app
from api.settings import Settings

MEGABYTE = 1 << 20


def _app(settings: Settings) -> Any:
    app = fenced_app(settings)

    def greedy() -> str:
        return str(len([bytearray(MEGABYTE) for _ in range(8_000)]))

    app.add_url_rule("/greedy", view_func=greedy)
    return app


def main(port: int) -> None:
    settings = Settings.from_env()
    _Server(lambda: _app(settings), _options(settings, port, 1, 4)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
