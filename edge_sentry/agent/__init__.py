"""The agent at work: it samples, reports and keeps going."""
