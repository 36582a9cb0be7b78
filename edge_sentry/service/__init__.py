"""Makes the sentry a service of the system, and takes that back."""
