"""Themes, materials, styles, colours and audiences, in the notation of `category_words`."""

THEMES = """
ocean|海洋,海浪|Ocean,Sea|海样|Oceen
sakura|樱花,~落樱|Sakura,Cherry Blossom|婴花|Sakrua
rose|玫瑰|Rose|玫贵
guochao|国潮,国风,~新中式国潮|Guochao,China Chic|国朝
cyberpunk|赛博朋克|Cyberpunk|赛搏朋克|Cyberpank
starry|星空,星河|Starry Sky,Galaxy,~Night Sky|星控
forest|森林,丛林|Forest,Woodland|深林
 fern|蕨类|Fern
camping|露营风,山系|Camping,Outdoorsy
christmas|圣诞,圣诞节|Christmas,Xmas|圣蛋|Chrismas
newyear|新年,春节,~过年|New Year,Lunar New Year|心年
 dragon|龙年,生肖龙|Dragon,Year of the Dragon
 horse|马年,生肖马|Horse,Year of the Horse
animals|动物|Animals
 panda|熊猫,大熊猫,~滚滚|Panda|雄猫|Pannda
 cat|猫咪,喵星人|Cat,Kitty|猫眯
 dog|狗狗,汪星人,~柴犬|Dog,Puppy,~Doggo
 rabbit|兔子,小兔|Rabbit,Bunny|免子
 bear|小熊|Bear,Teddy|小态
 dinosaur|恐龙|Dinosaur,Dino|恐笼|Dinasour
 whale|鲸鱼,蓝鲸|Whale|京鱼
 tiger|老虎|Tiger
space|太空,宇航员|Space,Astronaut,~Cosmos|太控
football-fan|球迷,世界杯|Football Fan,World Cup
anime|动漫,二次元|Anime,~2D Culture|动慢|Anmie
 magic-girl|魔法少女|Magical Girl
 mecha|机甲,机战|Mecha,Giant Robot|机夹
 ninja|忍者|Ninja
martial|武侠,江湖|Wuxia,Martial Arts|武狭
dunhuang|敦煌,飞天|Dunhuang|墩煌
palace|故宫,宫廷,~紫禁城|Palace,Forbidden City|古宫
bamboo-theme|竹韵,竹林|Bamboo Grove
lotus|莲花,荷花|Lotus|连花
plum|梅花|Plum Blossom|煤花
mountain|山水,水墨|Shan Shui,Ink Landscape
rainbow|彩虹|Rainbow|采虹
fruitpattern|水果印花|Fruit Print
 strawberry|草莓|Strawberry|草霉|Strawbery
 lemon|柠檬|Lemon|柠蒙
music|摇滚,音乐|Rock Music,Music|遥滚
skate|滑板|Skateboard,Skate|划板
surf|冲浪|Surf,Surfing|冲狼
circus|马戏团|Circus|马戏圈
detective|侦探,推理|Detective,Mystery|真探
gothic|哥特,暗黑|Gothic,Goth|哥特风格
fairy|童话,精灵|Fairy Tale,Fairy,~Fable|童活
love|情人节,七夕|Valentine,Qixi|情人结
wedding-theme|婚庆,喜庆|Wedding,Bridal|昏庆
graduation|毕业季|Graduation,Class of 2026|毕业记
tropical|热带,椰林|Tropical,Palm|热代
desert|沙漠|Desert|沙莫
racing|赛车,机车|Racing,Motorsport|塞车
"""

MATERIALS = """
leather|皮革,皮质|Leather|皮格|Lether
 cowhide|牛皮,头层牛皮|Cowhide,Genuine Leather|牛披
 sheepskin|羊皮|Sheepskin,Lambskin|洋皮
 suede|麂皮,~翻毛皮|Suede|几皮|Swede
cotton|纯棉,全棉,~精梳棉|Cotton,Pure Cotton|纯绵|Coton
linen|亚麻,棉麻|Linen,Flax|亚马布|Linnen
silk|真丝,桑蚕丝,丝绸|Silk,Mulberry Silk|真司
wool|羊毛|Wool,~Virgin Wool|洋毛|Wooll
 cashmere|羊绒,山羊绒|Cashmere|羊容|Cashmeer
 merino|美利奴羊毛,美利奴|Merino,Merino Wool|美丽奴
denim|牛仔布,丹宁|Denim|牛崽布
polyester|涤纶,聚酯纤维|Polyester|条纶
nylon|尼龙,锦纶|Nylon|泥龙
velvet|丝绒,天鹅绒|Velvet|丝容
canvas-cloth|帆布|Canvas|凡布
metal|金属|Metal|金蜀
 stainless|不锈钢,304不锈钢|Stainless Steel|不锈刚|Stainles Steel
 titanium|钛,钛合金|Titanium|太合金|Titanum
 aluminum|铝合金|Aluminum,Aluminium|吕合金
 copper|黄铜,纯铜|Brass,Copper|黄同
 gold|黄金,足金,18K金|Gold,18K Gold|黄今
 silver|纯银,925银|Silver,Sterling Silver|纯艮|Sliver
wood|实木,木质|Wood,Solid Wood|实目
 walnut|胡桃木,黑胡桃|Walnut|湖桃木
 oak|橡木|Oak|象木
 rosewood|红木,花梨木|Rosewood|虹木
 bamboo|竹,竹制|Bamboo|竺制
ceramic|陶瓷,骨瓷|Ceramic,Bone China|淘瓷|Ceramik
glass|玻璃,高硼硅玻璃|Glass,Borosilicate|波璃
crystal|水晶|Crystal|水精|Cristal
jade|玉,和田玉,翡翠|Jade,Nephrite|禾田玉
pearl|珍珠|Pearl|真珠
diamond|钻石|Diamond|砖石|Dimond
amber|琥珀,蜜蜡|Amber|虎珀
plastic|塑料|Plastic|素料
silicone|硅胶|Silicone|归胶|Silicon
rubber|橡胶|Rubber|象胶
resin|树脂|Resin|树指
carbon|碳纤维|Carbon Fiber,Carbon|炭纤维
paper|宣纸,纸质|Paper,Rice Paper|宣指
memory-foam|记忆棉|Memory Foam|记亿棉
latex|乳胶|Latex|汝胶
rattan|藤编,藤|Rattan,Wicker|腾编
"""

STYLES = """
vintage|复古,古着,~老式|Vintage,Retro|付古|Vintge
minimal|简约,极简|Minimalist,Simple|间约|Minimlist
japanese|日系,和风|Japanese Style,Zen|日糸
korean|韩版,韩系|Korean Style,K-Style|寒版
french|法式,~法兰西|French Style,Parisian|法试
nordic|北欧,北欧风|Nordic,Scandinavian|北殴|Nordik
chinese|中式,中国风|Chinese Style,Oriental|中试
american|美式|American,Americana|美试
industrial|工业风|Industrial,Loft|工业凤
luxe|轻奢|Affordable Luxury,Luxe|轻奢华
street|街头,潮牌,~嘻哈|Streetwear,Street,~Hip Hop|阶头
sporty|运动风,休闲运动|Sporty,Athleisure|运动凤
casual|休闲,日常|Casual,Everyday|休闭
business|商务,通勤,~职场|Business,Commuter,~Office|商物
preppy|学院风,~校园|Preppy,College|学院凤
bohemian|波西米亚|Bohemian,Boho|波希米亚|Bohemien
hanfu|汉服风,古风|Hanfu Style,Ancient Style|古凤
lolita|洛丽塔|Lolita|洛莉塔
jk|JK制服,日系制服|JK Uniform
cute|可爱,萌|Cute,Kawaii|可暧
sexy|性感|Sexy,Alluring|性敢
elegant|优雅,气质|Elegant,Graceful|忧雅|Elegent
sweet|甜美,软妹|Sweet,Girly|甜没
workwear|工装|Workwear,Cargo|工状
punk|朋克|Punk|朋客
y2k|千禧风,Y2K|Y2K,Millennium
techwear|机能风|Techwear,Functional|机能凤
farmhouse|田园,乡村|Country,Farmhouse|田圆
baroque|巴洛克|Baroque|巴罗克
artdeco|装饰艺术|Art Deco
wabisabi|侘寂|Wabi-Sabi
midcentury|中古风,中古|Mid-Century,Retro Modern|中古凤
"""

COLORS = """
black|黑色,黑|Black|嘿色|Blak
white|白色,白,~米白|White,~Off-White|百色|Wite
red|红色,红|Red|虹色
 burgundy|酒红色,酒红|Burgundy,Wine Red|洒红色|Burgandy
 coral|珊瑚色|Coral
orange|橙色,橙|Orange|澄色
yellow|黄色,黄|Yellow|皇色|Yelow
green|绿色,绿|Green|录色
 emerald|祖母绿|Emerald|祖母录
 mint|薄荷绿|Mint|簿荷绿
 olive|橄榄绿,军绿|Olive,Army Green
blue|蓝色,蓝|Blue|兰色
 navy|藏青色,藏蓝|Navy,Navy Blue|藏清色
 klein|克莱因蓝|Klein Blue|克莱茵蓝
purple|紫色,紫|Purple,Violet|子色|Purpel
pink|粉色,粉红|Pink|纷色
 peach-pink|蜜桃粉|Peach
gray|灰色,灰|Gray,Grey|恢色
brown|棕色,褐色|Brown|宗色
 coffee-color|咖啡色,咖色|Coffee,Mocha|加啡色
 camel|驼色|Camel|鸵色
beige|米色,杏色|Beige,Cream|咪色
golden|金色|Gold,Golden|今色
silvery|银色|Silver,Silvery|艮色
rosegold|玫瑰金|Rose Gold|玫瑰今
transparent|透明|Transparent,Clear|透名
multicolor|彩色,撞色|Multicolor,Colorful|采色
"""

AUDIENCES = """
women|女士,女款|Women,For Her,Ladies|女土
men|男士,男款|Men,For Him|男土
unisex|男女同款,中性|Unisex|中姓
couple|情侣,情侣款|Couples,Matching|情吕
kids|儿童,小朋友|Kids,Children|儿重
 girls|女童|Girls|女重
 boys|男童|Boys|男重
 infants|婴儿,宝宝|Infants,Baby|婴尔
teens|青少年|Teens,Teenagers|清少年
students|学生|Students,Student|学牲
seniors|老年人,中老年|Seniors,Elderly|老人家
pregnant|孕妇|Maternity,Pregnant|孕付
plussize|大码,胖mm|Plus Size,Curvy
pros|专业级,发烧友|Professional,Pro|专业极
beginners|新手,初学者|Beginners,Starter|新守
gift|送礼,礼盒装|Gift,Gift Box|送里
"""
