"""What sellers shout: words that the segmenter must know so that nothing is read into them."""

CRIES = """
网红同款 明星同款 同款 网红 爆款 爆红 新款 包邮 顺丰 官方正品 正品保证 正品 现货 清仓 清仓特价
特价 限时秒杀 秒杀 限时 推荐 厂家直销 直销 可开发票 高颜值 颜值 捡漏 买一送一 买一赠一 新品 上新
热卖 热销 促销 抢购 优惠 折扣 特惠 折后 红包 老款 全新 全新未拆 未拆 老物件 带证书 证书 整箱
加大 一套 上门 白菜价 白送 黑五 红人 走红 大红大紫 黑科技 白嫖 爆品 爆单 尖货 旗舰店 专柜 代购
保真 假一赔十 七天无理由 无理由退换 退换 急售 亏本 甩卖 福利 特卖 必入 必备 种草 好物 回头客
"""
PLAIN_WORDS = """
about above accessories adjustable after again authentic available before below better between
black brand bundle camera cheap choice clean clearance clothes condition cotton cover daily
deals design discount double edition every extra family fashion first flash fresh front genuine
great green guaranteed hours inches large latest leather light limited little lowest lucky
material medium minutes model modern morning mother never number offer official order original
other outdoor package parts party pieces plain plastic please popular portable premium present
price prices prime product quality quick ready regular release sample season seller shipping
short silver simple single small smart special spring square stock store strong style summer
super sweet table their there these thick three today travel under unique until valid version
water white whole winter without women world worth would young
"""
STOP_WORDS = """
的 了 和 与 及 或 是 在 有 我 你 他 它 这 那 等 也 都 就 而 为 以 于 对 把 被 从 到
款 件 个 只 套 装 件装 只装 斤装 支装 袋装 瓶装 系列 以下 以上 左右
a an the of for with and or to in on at by from is are be this that it its w new hot sale free
shipping best price limited must have stock authentic arrival set pcs size
"""


def cries() -> tuple[str, ...]:
    """Words of noise and plain English words, none of which is a misspelt name."""
    return (*CRIES.split(), *PLAIN_WORDS.split())


def stop_words() -> frozenset[str]:
    """Words that are never keywords; a spec may give others."""
    return frozenset(STOP_WORDS.split()) | frozenset(CRIES.split())
