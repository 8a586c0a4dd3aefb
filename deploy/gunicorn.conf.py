"""The web processes. Their socket comes from systemd, and nginx writes the log of requests."""

worker_class = "gthread"
workers = 2
threads = 8
# For a printed directory or a large list; statements end after 20 s.
timeout = 60
graceful_timeout = 30
control_socket_disable = True
