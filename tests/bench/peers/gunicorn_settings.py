"""One worker behind gunicorn, of the kind that its documentation has for keep-alive.

The threads are as many as in its documentation's example.
"""

from typing import Any

bind = "127.0.0.1:0"
workers = 1
worker_class = "gthread"
threads = 4
keepalive = 60
wsgi_app = "django.core.wsgi:get_wsgi_application()"
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Say where."""
    print(server.LISTENERS[0], flush=True)
