"""Closing a branch's day: what stands in the way, by name; then one operation that fixes its lines."""

from server.services.closing.close import close_day
from server.services.closing.obstacles import Obstacle, obstacles_of

__all__ = ["Obstacle", "close_day", "obstacles_of"]
