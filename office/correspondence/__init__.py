"""The registry: books that number letters without a gap, registers, delivery in the ministry."""
