"""What an image file says of itself before it is decoded, read with the standard library alone.

The reference of `decode` reads files by these functions, and generated modules carry them among
their helpers. Each reads bytes that may be anything: what is wrong is a `ValueError`, after a time
that grows with the file's length, and before memory is taken for pixels.
"""
