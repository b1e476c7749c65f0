"""People, their tokens and sessions, and teams; real PostgreSQL."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select, text, update

from alerts import endpoints, people, schema, sessions, subscriptions, teams
from alerts.tokens import hashed
from catalogue.connection import transaction
from domain.clock import now
from domain.desk import Draft
from domain.errors import ConfigurationError, NotFound
from domain.subscription import OPERATOR, Person, Role


def made(source: Engine, name: str) -> Person:
    return people.add(source, name)[0]


def test_a_token_opens_and_only_its_hash_is_kept(source: Engine) -> None:
    person, token = people.add(source, "  王 \n 芳 ", language="zh", timezone="Asia/Urumqi")
    assert (person.name, person.timezone, person.operator) == ("王 芳", "Asia/Urumqi", False)
    assert token.startswith("tj_")
    assert len(token) == 46
    assert people.by_token(source, token) == person
    assert people.by_token(source, token[:-1]) is None
    assert people.by_token(source, hashed(token)) is None
    with transaction(source) as connection:
        row = connection.execute(select(schema.people).where(schema.people.c.id == person.id)).mappings().one()
    assert token not in str(dict(row))


def test_a_new_token_ends_the_old_one_and_every_session(source: Engine) -> None:
    person, old = people.add(source, "王芳")
    session = sessions.sign_in(source, person.id)
    new = people.renew_token(source, person.id)
    assert people.by_token(source, old) is None
    assert people.by_token(source, new) == person
    assert sessions.who(source, session) is None
    with pytest.raises(NotFound):
        people.renew_token(source, "nobody")


def test_sessions_end_by_themselves_and_by_signing_out(source: Engine) -> None:
    person = made(source, "王芳")
    first, second = sessions.sign_in(source, person.id), sessions.sign_in(source, person.id)
    assert sessions.who(source, first) == person
    sessions.sign_out(source, first)
    assert sessions.who(source, first) is None
    assert sessions.who(source, second) == person
    with transaction(source) as connection:
        connection.execute(update(schema.sessions).values(expires_at=now() - timedelta(seconds=1)))
    assert sessions.who(source, second) is None
    third = sessions.sign_in(source, person.id)
    with transaction(source) as connection:
        assert connection.scalars(select(schema.sessions.c.hash)).all() == [hashed(third)]


def test_nobody_comes_in_who_was_shut_out(source: Engine) -> None:
    person, token = people.add(source, "王芳")
    session = sessions.sign_in(source, person.id)
    held = subscriptions.add(source, Draft(name="all"), person)
    feed = subscriptions.renew_feed(source, held.id)
    assert not people.switch(source, person.id, active=False).active
    assert people.by_token(source, token) is None
    assert sessions.who(source, session) is None
    assert not subscriptions.get(source, held.id).active
    with pytest.raises(NotFound):
        subscriptions.by_feed_token(source, feed)
    people.switch(source, person.id, active=True)
    assert people.by_token(source, token) == person
    assert sessions.who(source, session) is None


def test_who_is_shut_out_is_told_nothing_by_their_own_channels(source: Engine) -> None:
    person = made(source, "王芳")
    row = {"person": person.id, "via": "email", "name": "x", "address": "sealed:", "shown": "x", "lane": "smtp"}
    row |= {"failures": 0, "created_at": now()}
    with transaction(source) as connection:
        for id, off in (("on", ""), ("off", "410 Gone")):
            told = {"id": id, "active": not off, "disabled_why": off}
            connection.execute(insert(schema.channels).values(row | told))
    people.switch(source, person.id, active=False)
    assert [one.active for one in endpoints.every(source)] == [False, False]
    people.switch(source, person.id, active=True)
    assert {one.id: (one.active, one.disabled_why) for one in endpoints.every(source)} == {
        "on": (True, ""),
        "off": (False, "410 Gone"),
    }


def test_people_are_found_by_id_or_by_a_name_of_their_own(source: Engine) -> None:
    first, second = made(source, "王伟"), made(source, "王伟")
    assert people.get(source, first.id) == first
    with pytest.raises(ConfigurationError) as told:
        people.get(source, "王伟")
    assert first.id in str(told.value.hint)
    assert second.id in str(told.value.hint)
    assert people.get(source, made(source, "李娜").name).name == "李娜"
    with pytest.raises(NotFound):
        people.get(source, "赵云")
    assert [one.id for one in people.every(source)] == [OPERATOR, first.id, second.id, people.get(source, "李娜").id]


@pytest.mark.parametrize("wrong", [{"name": " \n"}, {"name": "x" * 201}, {"timezone": "Asia"}, {"timezone": "../x"}])
def test_what_is_wrong_with_a_person_is_said(source: Engine, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as told:
        people.add(source, **{"name": "王芳", **wrong})
    assert told.value.hint


def test_the_operator_of_the_house_stays(source: Engine) -> None:
    for attempt in (lambda: people.remove(source, OPERATOR), lambda: people.switch(source, OPERATOR, active=False)):
        with pytest.raises(ConfigurationError):
            attempt()
    assert people.get(source, OPERATOR).operator


def test_who_owns_something_goes_only_as_a_whole(source: Engine) -> None:
    person = made(source, "王芳")
    held = subscriptions.add(source, Draft(name="all"), person)
    with pytest.raises(ConfigurationError):
        people.remove(source, person.id)
    people.remove(source, person.id, whole=True)
    with pytest.raises(NotFound):
        subscriptions.get(source, held.id)
    with pytest.raises(NotFound):
        people.remove(source, person.id)


def test_a_team_has_an_owner_always(source: Engine) -> None:
    first, second = made(source, "王芳"), made(source, "李娜")
    team = teams.add(source, "商务组", first.id)
    assert [(one.name, one.role) for one in team.members] == [("王芳", Role.OWNER)]
    teams.put_member(source, team.id, second.id, Role.READER)
    for attempt in (
        lambda: teams.remove_member(source, team.id, first.id),
        lambda: teams.put_member(source, team.id, first.id, Role.EDITOR),
        lambda: people.remove(source, first.id),
    ):
        with pytest.raises(ConfigurationError):
            attempt()
    teams.put_member(source, team.id, second.id, Role.OWNER)
    left = teams.remove_member(source, team.id, first.id)
    assert [(one.name, one.role) for one in left.members] == [("李娜", Role.OWNER)]
    assert teams.of(source, first.id) == ()
    assert teams.of(source, second.id) == (left,)
    people.remove(source, first.id)
    assert teams.every(source) == (left,)


def test_of_two_owners_who_leave_at_once_one_stays(source: Engine) -> None:
    first, second = made(source, "王芳"), made(source, "李娜")
    team = teams.add(source, "商务组", first.id)
    teams.put_member(source, team.id, second.id, Role.OWNER)
    refused: list[str] = []

    def leave(id: str, *, whole: bool) -> None:
        try:
            if whole:
                people.remove(source, id)
            else:
                teams.remove_member(source, team.id, id)
        except ConfigurationError:
            refused.append(id)

    with transaction(source) as holding:
        holding.execute(select(schema.teams).with_for_update())
        leaving = [
            threading.Thread(target=leave, args=(one.id,), kwargs={"whole": one is first}) for one in (first, second)
        ]
        for one in leaving:
            one.start()
        while (holding.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) or 0) < 2:
            assert all(one.is_alive() for one in leaving)
    for one in leaving:
        one.join()
    (stayed,) = refused
    assert [(one.person, one.role) for one in teams.get(source, team.id).members] == [(stayed, Role.OWNER)]


def test_teams_are_found_and_removed(source: Engine) -> None:
    owner = made(source, "王芳")
    team = teams.add(source, "商务组", "王芳")
    held = subscriptions.add(source, Draft(name="all", team=team.id), owner)
    assert teams.get(source, "商务组") == teams.get(source, team.id) == team
    teams.add(source, "商务组", owner.id)
    with pytest.raises(ConfigurationError):
        teams.get(source, "商务组")
    teams.remove(source, team.id)
    with pytest.raises(NotFound):
        subscriptions.get(source, held.id)
    for attempt in (
        lambda: teams.remove(source, team.id),
        lambda: teams.get(source, team.id),
        lambda: teams.put_member(source, team.id, owner.id, Role.READER),
        lambda: teams.remove_member(source, teams.get(source, "商务组").id, "nobody"),
    ):
        with pytest.raises(NotFound):
            attempt()
