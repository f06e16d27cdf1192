"""Keys that never leave a hardware token (PKCS#11): each official's own, under its own PIN.

Nothing is imported here: the child process that asks the token starts in a third of the time.
"""
