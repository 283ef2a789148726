"""The store that needs nothing: for tests, for simulations, for trying the server out.

Product code all the same. It passes the contract suites that the databases pass, so whatever runs
on it is tested on a verified fake.
"""
