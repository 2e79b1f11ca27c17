"""A day worked by itself, for demonstrations and tests: the same steps as the commands, chosen from a seed."""

from agent_client.simulation.pace import Pace, no_pace, paced
from agent_client.simulation.play import PlayedStop, hand_over_everything, play_day, read_codes

__all__ = ["Pace", "PlayedStop", "hand_over_everything", "no_pace", "paced", "play_day", "read_codes"]
