"""What a step would come to in a case that is only thought of: who gets it today, and what would go
wrong. Cards that are tried and diagrams that are played ask here, so that both tell the same.
"""
