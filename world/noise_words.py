"""What sellers write around the product: shouting, sizes, units; and the shapes of characters."""

ZH_NOISE = (
    "【包邮】",
    "【官方正品】",
    "现货",
    "清仓特价",
    "🔥爆款",
    "限时秒杀",
    "新款",
    "网红同款",
    "[顺丰]",
    "★推荐★",
    "厂家直销",
    "可开发票",
    "✨高颜值",
    "捡漏",
    "买一送一",
    "2026新品",
)
EN_NOISE = (
    "HOT!!",
    "*NEW*",
    "Free Shipping",
    "🔥SALE",
    "100% Authentic",
    "[In Stock]",
    "Best Price",
    "L@@K",
    "✨Must Have",
    "w/ box",
    "2026 New Arrival",
    "Limited",
    "~clearance~",
    "!!!",
)
SIZES = {
    "clothes": ("S", "M", "L", "XL", "XXL", "均码", "165/88A", "175/96A", "加大", "Size 8"),
    "shoes": ("36码", "37码", "38码", "39码", "40码", "41码", "42码", "43码", "EU42", "US 9"),
    "digital": ("64GB", "128GB", "256GB", "512GB", "1TB", "8+256G", "16GB+1TB", "5000mAh", "65W"),
    "volume": ("30ml", "50ml", "100ml", "250ml*2", "500ml", "500ml*2", "1L", "1.5L", "3.4 fl oz"),
    "weight": ("250g", "500g", "500g*2", "1kg", "2.5kg", "5kg", "5斤装", "10斤", "20lb"),
    "length": ("30cm", "60cm", "1.2米", "1.5m", "1.8m床", "180*200cm", "20寸", "24寸", "55英寸"),
    "count": ("1件", "2件装", "3只装", "6pcs", "12支", "24pcs", "整箱", "一套", "set of 4"),
    "grade": ("99新", "9成新", "全新未拆", "95新", "A品", "PSA 10", "带证书", "mint", "老物件"),
    "hour": ("1小时", "2小时", "10课时", "单次", "半天", "3 hours", "上门", "月卡", "60min"),
}

TRADITIONAL = str.maketrans(
    "连鞋裤绒开针织书电脑机复简约质纯绿蓝红银钢铝铜实层麻丝纶龙马猫兔鲸动漫国风韩欧业轻运儿"
    "学华为苹软装绘饰灯锅炉宠粮车轮话玛爱礼盒团圣诞节热带军买现货亚罗莲飞侠术铃篮头帐骑乐积"
    "娃纸奶图说画笔账墨瓷币邮卡盲胶汽垫课绳维写婚纱艺术库达驰劳闲务优气甜园码专级镜",
    "連鞋褲絨開針織書電腦機復簡約質純綠藍紅銀鋼鋁銅實層麻絲綸龍馬貓兔鯨動漫國風韓歐業輕運兒"
    "學華為蘋軟裝繪飾燈鍋爐寵糧車輪話瑪愛禮盒團聖誕節熱帶軍買現貨亞羅蓮飛俠術鈴籃頭帳騎樂積"
    "娃紙奶圖說畫筆賬墨瓷幣郵卡盲膠汽墊課繩維寫婚紗藝術庫達馳勞閒務優氣甜園碼專級鏡",
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}

CITIES = (
    "shanghai",
    "beijing",
    "guangzhou",
    "shenzhen",
    "hangzhou",
    "chengdu",
    "chongqing",
    "wuhan",
    "nanjing",
    "xian",
    "suzhou",
    "tianjin",
    "changsha",
    "zhengzhou",
    "qingdao",
    "xiamen",
    "kunming",
    "shenyang",
    "dalian",
    "harbin",
    "hefei",
    "fuzhou",
    "jinan",
    "urumqi",
)
DEVICES = ("android", "ios", "web", "miniapp")
