"""`python -m carbon.cli` is the program `carbon`."""

from carbon.cli import main

main()
