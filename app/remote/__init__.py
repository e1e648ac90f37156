"""The commands that work over the API, from anywhere: one noun, one file.

They know the client and nothing else of this package: what they can do, any program can.
"""
