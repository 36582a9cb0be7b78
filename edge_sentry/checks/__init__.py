"""What `edge-sentry doctor` checks: one small function for each check, and one table of them."""
