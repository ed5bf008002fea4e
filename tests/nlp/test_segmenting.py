import warnings

import pytest

from nlp.annotating import annotate
from nlp.compiling import build_lexicon
from nlp.dictionary import CRY_COUNT
from nlp.noise import cries

TITLES = """
我们中出了一个叛徒 小明硕士毕业于中国科学院计算所 他来到了网易杭研大厦
这款羽绒服轻便保暖穿着舒适 女高腰直筒裤显瘦百搭 复古风木质书架置物架简约现代
大疆无人机航拍器高清专业 手工陶瓷茶壶功夫茶具套装家用 真皮沙发客厅小户型北欧三人位
全自动滚筒洗衣机家用大容量 香薰蜡烛卧室助眠 沐野间田园藤编灰色女童书桌 雅诺思卡芙妮面霜补水
云境星耀系列逐光听澜 结婚的和尚未结婚的 买水果然后来世博园 乔丹篮球鞋男款减震耐磨防滑
"""
TEXTS = TITLES.split()


@pytest.fixture(scope="module")
def jieba_tokenizer():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in cries():
        tokenizer.add_word(word, CRY_COUNT)
    return tokenizer


def test_without_labels_it_cuts_as_jieba_does(jieba_tokenizer):
    read = annotate(TEXTS, build_lexicon([], []))
    assert [list(one.words) for one in read] == [list(jieba_tokenizer.cut(one)) for one in TEXTS]


def test_labels_are_words_of_their_version_only(lexicon):
    text = ["我的直筒裤"]
    assert annotate(text, build_lexicon([], []))[0].words == ("我", "的", "直", "筒裤")
    assert annotate(text, lexicon)[0].words == ("我", "的", "直筒裤")


def test_tokens_of_mixed_text(lexicon):
    read = annotate(["Nike跑鞋 1.5L Привет-мир"], lexicon)[0]
    assert read.words == ("Nike", "跑鞋", "1.5", "L", "Привет", "-", "мир")
