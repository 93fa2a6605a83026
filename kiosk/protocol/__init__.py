"""What travels between client and backend, as pure functions."""
