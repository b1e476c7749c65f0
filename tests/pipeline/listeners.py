"""Somebody who listens, by mail that no server takes; and what waits to be told to whom."""

from pydantic import SecretStr
from sqlalchemy import select

from alerts import endpoints, people, schema, subscriptions
from alerts.channels import channels
from alerts.kinds import Payload
from alerts.sealing import Keyring
from alerts.upgrading import upgrade
from domain.desk import ChannelDraft, Draft
from domain.subscription import OPERATOR, Subscription, Via
from pipeline.house import House


def listener(house: House, name: str, query: str = "", since: str | None = None) -> Subscription:
    """A subscription of the operator's with a mailbox of its own; told of what happened `since`, or from now on."""
    upgrade(house.catalogue.engine)
    source, mailbox = house.catalogue.engine, f"{len(subscriptions.every(house.catalogue.engine))}@example.com"
    address = ChannelDraft(via=Via.EMAIL, address=SecretStr(mailbox))
    keyring, ways = Keyring.load(house.settings), channels(house.settings)
    way = endpoints.add(source, keyring, ways, address, person=OPERATOR)
    draft = Draft(name=name, query=query, channels=(way.id,))
    made = subscriptions.add(source, draft, people.get(source, OPERATOR))
    if since:
        with source.begin() as connection:
            connection.execute(schema.subscriptions.update().values(created_at=since))
    return made


def put_down(house: House) -> list[tuple[str, Payload]]:
    """(subscription, what it is told) of all that was put down for channels, in order."""
    notices, told = schema.notices.c, schema.told.c
    wanted = select(notices.subscriptions, told.payload).join(schema.told, told.change_id == notices.change_id)
    with house.catalogue.engine.begin() as connection:
        rows = connection.execute(wanted.order_by(notices.at, notices.change_id)).all()
    return [(id, row.payload) for row in rows for id in row.subscriptions]
