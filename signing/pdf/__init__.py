"""A small PDF writer: pages, embedded Thai fonts, and the tags that say what each part is.

Why our own and not a report library: the text of a page must read back exactly, every mark on it
must be tagged, and the file must be PDF/A from the start. Two-byte codes that we hand out
ourselves give all three in one pass.
"""
