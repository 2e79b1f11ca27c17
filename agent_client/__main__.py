"""`python -m agent_client` is `doorstep-agent`."""

from agent_client.cli import main

if __name__ == "__main__":
    main()
