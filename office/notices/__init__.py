"""Telling people about their tasks: in the page and by mail, as each of them chooses.

Law of this room: a notice is a row written with the event it tells of; mail is a job after it.
"""
