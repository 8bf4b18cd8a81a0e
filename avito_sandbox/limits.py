"""Limits of requests, for each method by itself."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping

from avito_sandbox.scenario import Scenario


def _limit(scenario: Scenario, method: str) -> float | None:
    special: Mapping[str, float] = {str(name): rps for name, rps in scenario.rate_limits.items()}
    return special.get(method, scenario.rate_limit_rps)


def _per_minute(rps: float) -> int:
    return max(1, round(rps * 60))


class _State:
    """What one method has used up."""

    def __init__(self) -> None:
        self.recent: deque[float] = deque()
        self.level = 0.0  # of the bucket, in requests
        self.filled_at: float | None = None
        self.minute = -1
        self.in_minute = 0


class Limits:
    """Says whether a request is within its method's limit. `clock`: seconds, monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._states: dict[str, _State] = {}

    def admit(self, scenario: Scenario, method: str) -> tuple[bool, dict[str, str]]:
        """Whether it may pass, and the headers of its answer. One that passes is counted."""
        rps = _limit(scenario, method)
        if rps is None:
            return True, {}
        state, now = self._state(method), self._clock()
        if scenario.rate_window == "sliding":
            passes = self._sliding(state, now, rps)
        elif scenario.rate_window == "bucket":
            passes = self._bucket(state, now, rps)
        else:
            passes = state.in_minute < _per_minute(rps)
        state.in_minute += passes
        headers = self.headers(scenario, method)
        if not passes:
            headers["X-RateLimit-Remaining"] = "0"
        return passes, headers

    def headers(self, scenario: Scenario, method: str) -> dict[str, str]:
        """The headers as they stand; nothing is counted."""
        rps = _limit(scenario, method)
        if rps is None:
            return {}
        limit = _per_minute(rps)
        left = max(0, limit - self._state(method).in_minute)
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left)}

    def _state(self, method: str) -> _State:
        state = self._states.setdefault(method, _State())
        minute = int(self._clock() // 60)
        if minute != state.minute:
            state.minute, state.in_minute = minute, 0
        return state

    @staticmethod
    def _sliding(state: _State, now: float, rps: float) -> bool:
        """Never more than `rps` in any second (below one a second: one in 1/rps seconds)."""
        window, most = (1.0, int(rps)) if rps >= 1 else (1.0 / rps, 1)
        while state.recent and state.recent[0] <= now - window:
            state.recent.popleft()
        if len(state.recent) >= most:
            return False
        state.recent.append(now)
        return True

    @staticmethod
    def _bucket(state: _State, now: float, rps: float) -> bool:
        """A bucket that holds a second's worth and refills evenly."""
        size = max(1.0, rps)
        if state.filled_at is None:
            state.level = size
        else:
            state.level = min(size, state.level + (now - state.filled_at) * rps)
        state.filled_at = now
        if state.level < 1:
            return False
        state.level -= 1
        return True
