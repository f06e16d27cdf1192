"""The archive form: PDF/A-2a and PDF/UA-1."""
