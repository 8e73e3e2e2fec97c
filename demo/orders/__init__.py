"""An order pipeline: the program of `cargo xtask demo`.

It reads a morning's orders, reserves the stock in worker threads, prices every order and writes invoices. One of the
orders brings it down. The message alone does not say why; the values in the dump do.
"""
