"""What a sentry keeps in its data folder."""
