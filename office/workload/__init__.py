"""What the people of a unit have on their desks: seen by its head, and handed on by them."""
