"""The wording of explanations. A pattern's second form is what it denies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alerts.query.fields import HEALTH, said
from alerts.query.tree import MOST_SEVERE, Kind, Value, Zone


@dataclass(frozen=True, slots=True)
class Saying:
    """One language. `zones` and `kinds` are by (field, denied); {} stands for what is listed."""

    begin: str
    everything: str
    stop: str
    also: str
    otherwise: str
    bracket: str
    unless: str
    quote: str
    comma: str
    both: str
    either: str
    zones: Mapping[tuple[Zone, bool], str]
    kinds: Mapping[tuple[Kind, bool], str]
    near: Mapping[Zone, str]
    value: Callable[[Value], str]
    severity: Callable[[int, int], str]


def _chinese_value(value: Value) -> str:
    if value.value == HEALTH:
        return "“站况”（站点出故障或恢复）"
    return f"“{value.shown if value.kind is Kind.NUMBER else said(value.kind, value.value)}”"


def _english_value(value: Value) -> str:
    if value.value == HEALTH:
        return "health (a site breaks or mends)"
    return value.shown if value.kind is Kind.NUMBER else value.value.replace("_", " ")


def _chinese_severity(least: int, most: int) -> str:
    if least == most:
        return f"级别为 {least}"
    if most == MOST_SEVERE:
        return f"级别不低于 {least}"
    return f"级别不高于 {most}" if least == 1 else f"级别在 {least} 到 {most} 之间"


def _english_severity(least: int, most: int) -> str:
    if least == most:
        return f"the severity is {least}"
    if most == MOST_SEVERE:
        return f"the severity is {least} or more"
    return f"the severity is {most} or less" if least == 1 else f"the severity is from {least} to {most}"


CHINESE = Saying(
    begin="这样的变更：{}",
    everything="所有站点的每一条变更",
    stop="。",
    also="，并且",
    otherwise="，或者",
    bracket="（{}）",
    unless="不符合（{}）",
    quote="“{}”",
    comma="、",
    both="和",
    either="或",
    zones={
        (Zone.TEXT, False): "出现{}",
        (Zone.TEXT, True): "不出现{}",
        (Zone.TITLE, False): "标题含{}",
        (Zone.TITLE, True): "标题不含{}",
        (Zone.BODY, False): "正文含{}",
        (Zone.BODY, True): "正文不含{}",
        (Zone.SOURCE, False): "来源含{}",
        (Zone.SOURCE, True): "来源不含{}",
        (Zone.AUTHOR, False): "作者含{}",
        (Zone.AUTHOR, True): "作者不含{}",
        (Zone.REGION, False): "站点所在地区含{}",
        (Zone.REGION, True): "站点所在地区不含{}",
    },
    kinds={
        (Kind.SITE, False): "站点是{}",
        (Kind.SITE, True): "站点不是{}",
        (Kind.NUMBER, False): "是或提到文件{}",
        (Kind.NUMBER, True): "不是也未提到文件{}",
        (Kind.TYPE, False): "类型为{}",
        (Kind.TYPE, True): "类型不是{}",
        (Kind.STATUS, False): "页面状态为{}",
        (Kind.STATUS, True): "页面状态不是{}",
        (Kind.CLUSTER, False): "在转载中属{}",
        (Kind.CLUSTER, True): "在转载中不属{}",
        (Kind.CLASS, False): "修改涉及{}",
        (Kind.CLASS, True): "修改不涉及{}",
    },
    near={
        Zone.TEXT: "有相距不超过 {2} 个字的{0}与{1}",
        Zone.TITLE: "标题中有相距不超过 {2} 个字的{0}与{1}",
        Zone.BODY: "正文中有相距不超过 {2} 个字的{0}与{1}",
        Zone.SOURCE: "来源中有相距不超过 {2} 个字的{0}与{1}",
        Zone.AUTHOR: "作者中有相距不超过 {2} 个字的{0}与{1}",
        Zone.REGION: "地区中有相距不超过 {2} 个字的{0}与{1}",
    },
    value=_chinese_value,
    severity=_chinese_severity,
)
ENGLISH = Saying(
    begin="Changes where {}",
    everything="Every change of every site",
    stop=".",
    also=", and ",
    otherwise=", or ",
    bracket="({})",
    unless="this is not so: ({})",
    quote="“{}”",
    comma=", ",
    both=" and ",
    either=" or ",
    zones={
        (Zone.TEXT, False): "the page says {}",
        (Zone.TEXT, True): "the page does not say {}",
        (Zone.TITLE, False): "the title has {}",
        (Zone.TITLE, True): "the title has no {}",
        (Zone.BODY, False): "the body has {}",
        (Zone.BODY, True): "the body has no {}",
        (Zone.SOURCE, False): "the source has {}",
        (Zone.SOURCE, True): "the source has no {}",
        (Zone.AUTHOR, False): "an author has {}",
        (Zone.AUTHOR, True): "no author has {}",
        (Zone.REGION, False): "the site's region has {}",
        (Zone.REGION, True): "the site's region has no {}",
    },
    kinds={
        (Kind.SITE, False): "the site is {}",
        (Kind.SITE, True): "the site is not {}",
        (Kind.NUMBER, False): "the page is or names the document {}",
        (Kind.NUMBER, True): "the page neither is nor names the document {}",
        (Kind.TYPE, False): "the type is {}",
        (Kind.TYPE, True): "the type is not {}",
        (Kind.STATUS, False): "the page is {}",
        (Kind.STATUS, True): "the page is not {}",
        (Kind.CLUSTER, False): "among its reprints the page is {}",
        (Kind.CLUSTER, True): "among its reprints the page is not {}",
        (Kind.CLASS, False): "the edit touches {}",
        (Kind.CLASS, True): "the edit does not touch {}",
    },
    near={
        Zone.TEXT: "the page says {0} within {2} characters of {1}",
        Zone.TITLE: "the title has {0} within {2} characters of {1}",
        Zone.BODY: "the body has {0} within {2} characters of {1}",
        Zone.SOURCE: "the source has {0} within {2} characters of {1}",
        Zone.AUTHOR: "an author has {0} within {2} characters of {1}",
        Zone.REGION: "the site's region has {0} within {2} characters of {1}",
    },
    value=_english_value,
    severity=_english_severity,
)
