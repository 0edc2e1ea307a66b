"""Accounts: people, organisations, roles and sign-in, and the places and departments they belong to."""
