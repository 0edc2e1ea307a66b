"""Agencies: who they are, what they may be asked for, and what their work costs."""
