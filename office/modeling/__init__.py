"""Diagrams that are being drawn: drafts beside what is deployed, checked and published."""
