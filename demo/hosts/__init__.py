"""The five sites, one file each: their addresses, their mark-up, what they answer."""

from demo.hosts.base import Host
from demo.hosts.diyang import Diyang
from demo.hosts.iqilu import Iqilu
from demo.hosts.qidian import Qidian
from demo.hosts.shandong import Shandong
from demo.hosts.toudeng import Toudeng

__all__ = ["HOSTS", "Host"]

HOSTS: tuple[type[Host], ...] = (Qidian, Shandong, Iqilu, Diyang, Toudeng)
