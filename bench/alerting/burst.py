"""Many changes at once, told by each kind of channel: how many messages, how large, how many a minute, how soon."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import trustme

from alerts.channels import Channels, Limits
from alerts.kinds import Via
from bench.alerting.desk import Cost, Desk, changes
from bench.alerting.endpoints import Endpoint, Hook, Postbox, Taken, marks
from domain.clock import now
from domain.errors import TongjianError

KINDS = (Via.WEBHOOK, Via.EMAIL, Via.DINGTALK, Via.WECOM, Via.FEISHU)
_TOKEN = "bench0123456789bench0123456789bench0123"
# Each robot's host, its address, and what it answers to what it takes.
_ROBOTS = {
    Via.DINGTALK: ("oapi.dingtalk.com", f"/robot/send?access_token={_TOKEN}", {"errcode": 0, "errmsg": "ok"}),
    Via.WECOM: ("qyapi.weixin.qq.com", f"/cgi-bin/webhook/send?key={_TOKEN}", {"errcode": 0, "errmsg": "ok"}),
    Via.FEISHU: ("open.feishu.cn", f"/open-apis/bot/v2/hook/{_TOKEN}", {"code": 0, "msg": "success", "data": {}}),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """An endpoint that is up, and our way to it."""

    via: Via
    endpoint: Endpoint
    ways: Channels
    channel: str


@dataclass(frozen=True, slots=True)
class Burst:
    """What a burst made. `minutes` are the messages of each; `second` is the most that came within one second."""

    via: Via
    changes: int
    minutes: list[int]
    largest: int
    second: int
    limits: Limits
    cost: Cost

    @property
    def messages(self) -> int:
        return sum(self.minutes)


@contextmanager
def standing(desk: Desk, via: Via) -> Iterator[Stand]:
    """A stand-in for the kind of channel, with a channel of the desk that leads to it."""
    endpoint = _endpoint(via)
    endpoint.start()
    try:
        ways, address = _way(desk, via, endpoint.port)
        yield Stand(via, endpoint, ways, desk.channel(ways, via, address))
    finally:
        endpoint.stop()
        desk.clear()


def _endpoint(via: Via) -> Endpoint:
    if via is Via.EMAIL:
        return Postbox()
    if via is Via.WEBHOOK:
        return Hook()
    host, _, said = _ROBOTS[via]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(host).configure_cert(context)
    return Hook(context, json.dumps(said).encode())


def _way(desk: Desk, via: Via, port: int) -> tuple[Channels, str]:
    if via is Via.EMAIL:
        return desk.ways(smtp=port), "desk@example.cn"
    if via is Via.WEBHOOK:
        return desk.ways(), f"http://127.0.0.1:{port}/hook"
    host, path, _ = _ROBOTS[via]
    return desk.ways(rules=f"{host}:443:127.0.0.1:{port}"), f"https://{host}{path}"


def burst(desk: Desk, via: Via, size: int) -> Burst:
    """`size` changes to one subscription by one channel. Raises TongjianError where one of them is in no message."""
    with standing(desk, via) as stand:
        desk.subscribe(stand.channel)
        matters, costs = changes(size), list[Cost]()
        with desk.costing(costs):
            moment = now()
            desk.put(matters, moment)
            minutes = desk.rounds(stand.ways, moment)
        made = Burst(via, size, minutes, 0, 0, stand.ways[via].limits, costs[0])
        return _checked(made, stand.endpoint.taken)


def _checked(made: Burst, taken: list[Taken]) -> Burst:
    told = set().union(*(marks(one.text) for one in taken))
    sizes = [SIZES.get(made.via, _whole)(one) for one in taken]
    whole = replace(made, largest=max(sizes), second=_second(taken))
    if told != set(range(made.changes)):
        raise TongjianError(f"{made.via}: {len(told)} of {made.changes} changes are in its messages")
    if len(taken) != whole.messages:
        raise TongjianError(f"{made.via}: {len(taken)} messages came, {whole.messages} were sent")
    return whole


def _whole(one: Taken) -> int:
    return len(one.raw)


# What a channel counts where it is not all of the body.
SIZES: dict[Via, Callable[[Taken], int]] = {
    Via.WECOM: lambda one: len(json.loads(one.raw)["markdown"]["content"].encode()),
}


def _second(taken: list[Taken]) -> int:
    times = sorted(one.at for one in taken)
    return max(sum(1 for other in times if 0 <= other - at < 1) for at in times)
