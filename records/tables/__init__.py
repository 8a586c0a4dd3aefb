"""Tables that others send, as CSV or XLSX: their limits, their headings, and what their cells say."""
