"""How Gunicorn serves the market; `make run` and a production unit read the same settings.

One process with threads suits SQLite, where one writer at a time is the rule. WEB_CONCURRENCY adds processes on
PostgreSQL, WEB_THREADS sets the threads of each.
"""

import os

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
threads = int(os.environ.get("WEB_THREADS") or 8)
timeout = 60
graceful_timeout = 5
keepalive = 5
loglevel = "warning"
proc_name = "market-web"
control_socket_disable = True
limit_request_line = 8190
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1"
