"""Who may do what, role by role and action by action."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from alerts import endpoints, people, teams
from alerts.channels import channels
from alerts.desk import Desk
from alerts.sealing import Keyring
from domain.desk import ChannelDraft, Draft
from domain.errors import Forbidden, NotFound, TongjianError
from domain.settings import Settings
from domain.subscription import OPERATOR, Person, Role, Via

YES, NO, UNSEEN = None, Forbidden, NotFound
WHO = ("operator", "owner", "editor", "reader", "stranger")


@dataclass
class Office:
    """A team with one of each role, a subscription and a channel of the team's."""

    desk: Desk
    source: Engine
    people: dict[str, Person]
    team: str
    subscription: str
    channel: str


@pytest.fixture
def office(source: Engine, tmp_path: Path) -> Office:
    chosen = Settings(state=tmp_path)
    desk = Desk(source, Keyring.load(chosen), channels(chosen), {}, "http://room.example")
    who = {role: people.add(source, role)[0] for role in ("owner", "editor", "reader", "stranger")}
    who["operator"] = people.get(source, OPERATOR)
    team = desk.add_team(who["owner"], "商务组").id
    for role in (Role.EDITOR, Role.READER):
        desk.put_member(who["owner"], team, who[role.value].id, role)
    mail = ChannelDraft(via=Via.EMAIL, address=SecretStr("desk@example.com"), team=team)
    channel = desk.add_channel(who["owner"], mail).id
    held = desk.add(who["owner"], Draft(name="all", team=team, channels=(channel,))).id
    return Office(desk, source, who, team, held, channel)


ACTIONS: dict[str, Callable[[Office, Person], object]] = {
    "see": lambda o, who: o.desk.subscription(who, o.subscription),
    "matches": lambda o, who: o.desk.matches(who, o.subscription, 5),
    "add": lambda o, who: o.desk.add(who, Draft(name="x", team=o.team)),
    "change": lambda o, who: o.desk.change(who, o.subscription, Draft(name="x", query="招商")),
    "switch": lambda o, who: o.desk.switch(who, o.subscription, active=False),
    "feed": lambda o, who: o.desk.renew_feed(who, o.subscription),
    "remove": lambda o, who: o.desk.remove(who, o.subscription),
    "add channel": lambda o, who: o.desk.add_channel(
        who, ChannelDraft(via=Via.EMAIL, address=SecretStr("b@example.com"), team=o.team)
    ),
    "enable": lambda o, who: o.desk.enable_channel(who, o.channel),
    "remove channel": lambda o, who: o.desk.remove_channel(who, o.channel),
    "put member": lambda o, who: o.desk.put_member(who, o.team, o.people["stranger"].id, Role.READER),
    "remove member": lambda o, who: o.desk.remove_member(who, o.team, o.people["editor"].id),
}
SEES = {"see", "matches"}
GOVERNS = {"put member", "remove member"}
ALLOWED: dict[str, dict[str, type[TongjianError] | None]] = {
    action: {
        "operator": YES,
        "owner": YES,
        "editor": NO if action in GOVERNS else YES,
        "reader": YES if action in SEES else NO,
        "stranger": UNSEEN,
    }
    for action in ACTIONS
} | {
    # Everybody may leave.
    "remove member": {"operator": YES, "owner": YES, "editor": YES, "reader": NO, "stranger": UNSEEN}
}


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("action", ACTIONS)
def test_each_role_and_each_action(office: Office, role: str, action: str) -> None:
    refused = ALLOWED[action][role]
    if refused is None:
        ACTIONS[action](office, office.people[role])
        return
    with pytest.raises(TongjianError) as told:
        ACTIONS[action](office, office.people[role])
    assert type(told.value) is refused
    assert told.value.hint


@pytest.mark.parametrize("role", WHO)
def test_lists_hold_what_is_seen(office: Office, role: str) -> None:
    who = office.people[role]
    seen = role != "stranger"
    assert bool(office.desk.subscriptions(who)) is seen
    assert bool(office.desk.channels(who)) is seen
    assert bool(office.desk.teams(who)) is seen
    assert len(office.desk.people(who)) == len(WHO)


def test_own_things_are_ones_own_alone(office: Office) -> None:
    mine, other = office.people["reader"], office.people["owner"]
    channel = office.desk.add_channel(mine, ChannelDraft(via=Via.EMAIL, address=SecretStr("me@example.com")))
    held = office.desk.add(mine, Draft(name="mine", channels=(channel.id,)))
    assert office.desk.subscription(mine, held.id) == held
    for attempt in (
        lambda: office.desk.subscription(other, held.id),
        lambda: office.desk.remove(other, held.id),
        lambda: office.desk.try_channel(other, channel.id),
        lambda: office.desk.remove_channel(other, channel.id),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert held not in office.desk.subscriptions(other)


def test_a_subscription_tells_by_channels_of_its_own(office: Office) -> None:
    other = office.desk.add_channel(
        office.people["stranger"], ChannelDraft(via=Via.EMAIL, address=SecretStr("s@example.com"))
    )
    with pytest.raises(TongjianError, match=other.id):
        office.desk.add(office.people["owner"], Draft(name="x", team=office.team, channels=(other.id,)))
    with pytest.raises(TongjianError, match=other.id):
        office.desk.change(office.people["owner"], office.subscription, Draft(name="x", channels=(other.id,)))
    assert office.desk.subscription(office.people["owner"], office.subscription).channels == (office.channel,)


def test_who_leaves_a_team_takes_their_channels_along(office: Office) -> None:
    editor, owner = office.people["editor"], office.people["owner"]
    own = office.desk.add_channel(editor, ChannelDraft(via=Via.EMAIL, address=SecretStr("e@example.com")))
    draft = Draft(name="all", channels=(office.channel, own.id))
    assert office.desk.change(editor, office.subscription, draft).channels == (office.channel, own.id)
    # Another member's change keeps the channel that is there.
    assert office.desk.change(owner, office.subscription, draft).channels == (office.channel, own.id)
    office.desk.remove_member(owner, office.team, editor.id)
    assert office.desk.subscription(owner, office.subscription).channels == (office.channel,)
    assert endpoints.get(office.source, own.id) == own


def test_who_is_shut_out_sees_nothing(office: Office) -> None:
    shut = people.switch(office.source, office.people["owner"].id, active=False)
    with pytest.raises(NotFound):
        office.desk.subscription(shut, office.subscription)
    assert teams.get(office.source, office.team)


def test_what_no_database_holds_is_unknown_not_an_accident(office: Office) -> None:
    for odd in ("\x00", "\ud800"):
        for attempt in (
            lambda odd=odd: office.desk.subscription(office.people["operator"], odd),
            lambda odd=odd: office.desk.try_channel(office.people["operator"], odd),
            lambda odd=odd: office.desk.put_member(office.people["operator"], office.team, odd, Role.READER),
            lambda odd=odd: office.desk.put_member(office.people["operator"], odd, odd, Role.READER),
            lambda odd=odd: office.desk.resend(office.people["operator"], (odd * 9,)),
            lambda odd=odd: office.desk.test("", f"http://example.com/{odd}"),
            lambda odd=odd: office.desk.feed(odd, 1),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert office.desk.sign_in(odd) is office.desk.session(odd) is office.desk.bearer(odd) is None
        odd_words = Draft(name=f"x{odd}", query=f"招商 {odd}x", team=office.team)
        assert office.desk.add(office.people["editor"], odd_words).name == "x\ufffd"


def test_what_is_not_theirs_is_as_if_it_were_not_there(office: Office) -> None:
    who, desk = office.people["stranger"], office.desk
    for call, there in ((desk.subscription, office.subscription), (desk.try_channel, office.channel)):
        said = []
        for id in (there, "00000000"):
            with pytest.raises(NotFound) as told:
                call(who, id)
            said.append((str(told.value).replace(id, "ID"), told.value.hint))
        assert said[0] == said[1]


def test_an_operator_cannot_give_to_whom_there_is_not(office: Office) -> None:
    with pytest.raises(NotFound):
        office.desk.add(office.people["operator"], Draft(name="x", team="none"))
    with pytest.raises(NotFound):
        office.desk.add_channel(
            office.people["operator"], ChannelDraft(via=Via.EMAIL, address=SecretStr("a@example.com"), team="none")
        )
