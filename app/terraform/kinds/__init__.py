"""What Terraform sees: one file for each kind of thing, without what asks the service.

Most processes that Terraform starts only say what there is and look at configurations.
"""
