"""Working days and hours of each agency, and the counting of time in them.

Law of this room: `rules` hold the pure value `WorkingHours`; rows are its only source and a
version number says when a cached value is out of date.
"""
