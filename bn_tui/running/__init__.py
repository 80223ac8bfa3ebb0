"""A run that trains: in this process or one beside it, kept in its folder, shown or logged."""
