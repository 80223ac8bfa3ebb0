"""Runs that are over, or that another process trains: found, read, compared and shown."""
