"""How much a text looks like something written: by the characters that running text is made of.

Bytes read with the wrong table come out as rare characters, and this is measured; nothing here looks
at words.
"""

import re
from functools import lru_cache

# The characters most used in running text (about half of it), simplified and traditional.
_HANZI = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
    "行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然"
    "前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系"
    "军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计"
    "别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶"
    "油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确"
    "才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近"
    "市省县委政府会议工作淄博山东新闻网站编辑来源，。、：；？！“”《》（）【】\u3000"
    "這個為時來們於動會對發產說種後還從業應開實現當點體機電氣變條沒結問題關線內數與無長總組見計設質處給並傳兒兩別則務區員"
    "單國圖報場壓學將導帶幹幾廣張強復戰採據斷書東極樣權決況溫濟熱爭爲確積節級統經網編縣織群義聞聯聲華萬衆眾術裏裡裝規觀記"
    "許話認論證議資車軍較輯轉農連進運過達邊門間隊階際離難須領頭類風馬驗鬥麼黨"
)
_KANA = "あ-ゖァ-ヺーゝゞヽヾ"
_HANGUL = (
    "이다는을에의가하고지로사기은도한서인시대해리자일정어아나부장수전과제보상조주원스년들으국관안구그성회계공개업방비경우선무연"
    "며면라동있습니것된세위만모소생중금민통신청현권북남치단유여실화미교문물체적분학발당결간산양야할"
)
_FREQUENT = re.compile(f"[{re.escape(_HANZI)}{_KANA}{_HANGUL}]+")
_DAMAGE = re.compile("[\ufffd\ue000-\uf8ff]+")
_FOREIGN = re.compile("[^\x00-\x7f]+")
_SAMPLE = 1200


def likeness(text: str) -> float:
    """0 (rare characters, or none at all) to about 1 (running Chinese, Japanese or Korean), less for damage."""
    seen = _sample(text)
    if not seen:
        return 0.0
    common = _length(_FREQUENT, seen)
    plain = _length(_ordinary(), seen)
    return (common + plain / 4 - 2 * _length(_DAMAGE, seen)) / len(seen)


def foreign(text: str) -> int:
    """The characters beyond ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _sample(text: str) -> str:
    parts: list[str] = []
    wanted = _SAMPLE
    for run in _FOREIGN.finditer(text):
        parts.append(run[0][:wanted])
        wanted -= len(parts[-1])
        if not wanted:
            break
    return "".join(parts)


def _length(pattern: re.Pattern[str], text: str) -> int:
    return sum(map(len, pattern.findall(text)))


@lru_cache(maxsize=1)
def _ordinary() -> re.Pattern[str]:
    """The first level of GB 2312 (3755 hanzi) and of Big5 (5401), and GB 2312's punctuation."""
    cells = [bytes((lead, trail)) for lead in (0xA1, 0xA3, *range(0xB0, 0xD8)) for trail in range(0xA1, 0xFF)]
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    big5 = [bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails]
    known = {cell.decode("gb2312", "ignore") for cell in cells} | {cell.decode("big5", "ignore") for cell in big5}
    return re.compile(f"[{re.escape(''.join(sorted(known)))}]+")
