"""What a person can tell the sentry to do: one command per file."""
