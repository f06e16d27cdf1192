"""Pages drawn by reportlab, with embedded Thai fonts and the tags that say what each part is.

What reportlab leaves out, and PDF/A-3a wants, is given to it here: a font that is written in
two-byte codes of our own, so that its text reads back exactly, and marks around everything drawn.
"""
