"""`python -m server`: the same as the command `doorstep`."""

from server.cli import main

if __name__ == "__main__":
    main()
