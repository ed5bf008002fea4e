"""Known brands in words, and the syllables from which the other thousands are made."""

BRANDS = """
apple|苹果|Apple|平果|Aple|digital|3|iphone=iPhone@smartphone macbook=MacBook@laptop
xiaomi|小米|Xiaomi,Mi|小咪|Xaomi|digital,appliances|1|redmi=红米@smartphone mijia=米家@humidifier
huawei|华为|Huawei|华维|Hauwei|digital|2|mate=Mate@smartphone matebook=MateBook@laptop
samsung|三星|Samsung|三新|Samsong|digital,appliances|2|galaxy=Galaxy@smartphone
blackberry|黑莓|BlackBerry||Blackbery|digital|1|bold=Bold@smartphone
sony|索尼|Sony|索尼尔|Sonny|digital|2|alpha=Alpha@camera walkman=Walkman@earphones
cherry|樱桃|Cherry||Chery|digital|1|mx=MX@keyboard
lenovo|联想|Lenovo|连想|Lenova|digital|1|thinkpad=ThinkPad@laptop legion=拯救者@laptop
dji|大疆|DJI|大江||digital|2|mavic=Mavic@drone
bose|博士|Bose|搏士|Boze|digital|2|quiet=QuietComfort@earphones
robam|老板|Robam|老版||appliances|2|
midea|美的|Midea|美地|Media|appliances|1|
haier|海尔|Haier|海而|Hair|appliances|1|
dyson|戴森|Dyson|带森|Dison|appliances|3|airwrap=Airwrap@hairdryer
nike|耐克|Nike|奈克|Nikee|shoes,sports,clothing|2|airforce=Air_Force@canvas pegasus=Pegasus@running
jordan|乔丹|Jordan|桥丹|Jorden|shoes,sports|2|aj1=AJ1@basketball-shoes
adidas|阿迪达斯,阿迪|Adidas|阿笛|Addidas|shoes,sports,clothing|2|ultra=Ultraboost@running
lining|李宁|Li-Ning|李柠|Lining|shoes,sports,clothing|1|wade=韦德之道@basketball-shoes
anta|安踏|Anta|安塔||shoes,sports|0|
puma|彪马|Puma|标马|Pumma|shoes,sports|1|
vans|范斯|Vans|||shoes,clothing|1|oldskool=Old_Skool@canvas
uniqlo|优衣库|Uniqlo|优依库|Uniqulo|clothing|0|
gap|盖璞|Gap|||clothing|1|
peacebird|太平鸟|Peacebird|太平乌||clothing|1|
bosideng|波司登|Bosideng|波斯登||clothing|1|
coach|蔻驰|Coach|寇驰|Coahc|bags,jewelry|3|tabby=Tabby@shoulder
gucci|古驰|Gucci|古池|Guchi|bags,clothing,jewelry|4|
lv|路易威登|Louis Vuitton,LV|路易威登包|Luis Vuitton|bags|4|neverfull=Neverfull@tote
chanel|香奈儿|Chanel|香奈尔|Channel|bags,beauty|4|
samsonite|新秀丽|Samsonite|新秀力|Samsonit|bags|2|
rolex|劳力士|Rolex|老力士|Rollex|jewelry|4|submariner=Submariner@mechanical
casio|卡西欧|Casio|卡西殴|Cassio|jewelry|1|gshock=G-SHOCK@quartz
chowtaifook|周大福|Chow Tai Fook|周大富||jewelry|3|
dove|多芬|Dove|多分||beauty|1|
dove-chocolate|德芙|Dove|得芙||food|1|
loreal|欧莱雅|L'Oreal|欧来雅|Loreal|beauty|1|
proya|珀莱雅|Proya|柏莱雅||beauty|1|
ikea|宜家|IKEA|宣家||home|0|billy=毕利@bookshelf
muji|无印良品|MUJI|无印良晶|Mujii|home,books|1|
starbucks|星巴克|Starbucks|星吧克|Starbuks|food,home|2|
squirrels|三只松鼠|Three Squirrels|三只松属||food|0|
moutai|茅台,贵州茅台|Moutai|矛台|Maotai|food|4|feitian=飞天@baijiu
lego|乐高|LEGO|乐搞|Leggo|kids|2|technic=Technic@blocks
popmart|泡泡玛特|Pop Mart|泡泡马特||collectibles,kids|2|molly=Molly@blindbox
decathlon|迪卡侬|Decathlon|迪卡农|Decatlon|sports|0|
giant|捷安特|Giant|杰安特||sports|2|
michelin|米其林|Michelin|米奇林|Michellin|auto|2|
shell|壳牌|Shell|克牌||auto|1|
royalcanin|皇家|Royal Canin|黄家||pets|2|
lamy|凌美|Lamy|凌羊||books|2|safari=Safari@pen
"""

ZH_HEADS = "雅诺思兰宝佳恒瑞美华康乐丽欣晨云清禾木若沐青岚初素言简朴苏顾沈陆韩霍墨"
ZH_MIDDLES = "芙妮斯卡莱维蒂洛格森蔓柏黛岸野舟山川溪屿朵吉泽原庭丘"
ZH_TAILS = "坊记堂阁家社轩居集匠物品造语间研号士"

LATIN_HEADS = """
vel mor kan tri zor lum fen bra cal dov eri gal hav jun kel lor mav nor osk pel quo riv
sel tav ulm vex wyn xan yor zel arb bel cor dra
"""

LATIN_MIDDLES = """
a e i o u ari eno ila oma uli ane iro osta era ivi
"""

LATIN_TAILS = """
na ra x lo ck ne ta via lis ton mar dell sen ro zi que ly th vo ks
"""

SERIES_LATIN = """
Nova Aero Pulse Orbit Prime Echo Vertex Solis Luma Atlas Onyx Zephyr Titan Flux Halo
Mira Vega Comet Drift Ember Lyra Quartz Nimbus Raven
"""

SERIES_ZH = """
云境 星耀 山海 青野 逐光 听澜 知白 云栖 破晓 流金 追风 拾光 月白 归舟 凌云 鹿鸣 清欢 如意 长安 未央
"""
