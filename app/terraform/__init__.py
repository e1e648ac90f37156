"""The Terraform provider ``appusers``: resources and data sources over the typed client.

Experimental: REFERENCE.md says why. All but `install` needs the extra ``terraform``.
"""
