# Lets a Python emulator live in faster time, from an instant that the whole suite shares; timers keep their real length.
import datetime
import os
import time

_anchor = float(os.environ["STEPSHIFT_E2E_ANCHOR_MS"]) / 1000
_speed = float(os.environ["STEPSHIFT_E2E_SPEED"])
_real = time.time


def _now():
    return _anchor + (_real() - _anchor) * _speed


class _IsAnyDatetime(type):
    def __instancecheck__(cls, instance):
        return isinstance(instance, _Datetime)


_Datetime = datetime.datetime


class _FastDatetime(_Datetime, metaclass=_IsAnyDatetime):
    @classmethod
    def now(cls, tz=None):
        return _Datetime.fromtimestamp(_now(), tz)

    @classmethod
    def utcnow(cls):
        return _Datetime.fromtimestamp(_now(), datetime.timezone.utc).replace(tzinfo=None)


time.time = _now
time.time_ns = lambda: int(_now() * 1e9)
datetime.datetime = _FastDatetime
