"""One machine: SQLite, and live changes within the process."""
