"""Invented people: names from common surnames and given names, telephone numbers, streets.

Nobody here is real. Telephone numbers begin with 111, which no Chinese mobile or landline number does.
"""

from __future__ import annotations

from server.demo.draw import Draw
from server.demo.limits import ACCOUNT_ID_DIGITS

__all__ = ["invent_name", "invent_phone", "invent_street"]

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹"
    "彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
)
_GIVEN_MALE = "伟强磊军洋勇杰涛超明刚平辉鹏华飞波斌宇浩凯健俊帆建志国文海林峰龙亮东成庆和安"
_GIVEN_FEMALE = "芳娜敏静秀娟英华慧巧美丽艳霞平红玉兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳"
_ENGLISH_MALE = ("Adam", "Brian", "Colin", "David", "Evan", "Frank", "George", "Henry")
_ENGLISH_FEMALE = ("Alice", "Beth", "Clara", "Diana", "Emma", "Fiona", "Grace", "Helen")
_ENGLISH_SURNAMES = ("Archer", "Baker", "Carter", "Dyer", "Fisher", "Mason", "Porter", "Turner")
_STREETS = (
    *("人民路", "解放路", "建设路", "和平路", "文化路", "新华路", "中山路", "胜利路", "青年路", "育才路"),
    *("迎宾路", "东风路", "朝阳路", "光明路", "友谊路", "团结路", "幸福路", "振兴路", "民主街", "健康街"),
)


def invent_name(draw: Draw, *, female: bool, english: bool = False) -> str:
    """A name such as 王秀英; an English one for a customer who reads English."""
    if english:
        return f"{draw.pick(_ENGLISH_FEMALE if female else _ENGLISH_MALE)} {draw.pick(_ENGLISH_SURNAMES)}"
    given = _GIVEN_FEMALE if female else _GIVEN_MALE
    length = 2 if draw.chance(750) else 1
    return draw.pick(_SURNAMES) + "".join(draw.sample(given, length))


def invent_phone(draw: Draw, number: int) -> str:
    """A number in E.164 that nobody can hold; `number` makes it different from every other."""
    return f"+86111{draw.below(1000):03d}{number:0{ACCOUNT_ID_DIGITS}d}"


def invent_street(draw: Draw) -> str:
    """A street with house number, often with building and flat: 人民路128号3幢502室."""
    street = f"{draw.pick(_STREETS)}{draw.between(1, 299)}号"
    if draw.chance(400):
        return street
    return f"{street}{draw.between(1, 20)}幢{draw.between(1, 6)}0{draw.between(1, 4)}室"
