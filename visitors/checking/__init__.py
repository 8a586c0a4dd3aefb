"""Lists of visitors, checked against the directory and given back; nothing of them is stored."""
