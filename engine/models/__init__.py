"""The engine's tables, one file for each noun, and the values that several readers share."""
