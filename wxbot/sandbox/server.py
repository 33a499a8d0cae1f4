"""A Flask app on a loopback port, in a thread of its own."""

import socket
import threading

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class LocalServer:
    """Serves until `stop`, which also cuts the connections that clients keep open."""

    def __init__(self, app: Flask, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """port: 0 takes a free one."""
        self._open: set[socket.socket] = set()
        self._server: BaseWSGIServer = make_server(host, port, app, threaded=True, request_handler=_handler(self._open))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://{host}:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in list(self._open):
            hang_up(connection)


def hang_up(connection: socket.socket) -> None:
    """Cut a connection, whatever is on its way."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


def _handler(connections: set[socket.socket]) -> type[WSGIRequestHandler]:
    """A handler that keeps account of its connections, and no log: request lines carry tokens."""

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            connections.add(self.connection)

        def finish(self) -> None:
            connections.discard(self.connection)
            super().finish()

        def log(self, type: str, message: str, *args: object) -> None:
            return

    return Handler
