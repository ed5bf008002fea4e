"""The category tree in words: slug | Chinese | English | hidden Chinese | hidden English.

Depth is indentation, the first label is the preferred one, `~` marks a synonym withheld from
the shop's own tag list.
"""

CATEGORIES = """
clothing|服装,服饰|Clothing,Apparel
 women|女装|Womenswear,Ladies Wear
  dress|连衣裙,连身裙,~裙装|Dress,Frock,~Gown|连衣群,莲衣裙|Drees
  skirt|半身裙,短裙|Skirt|半身群
  blouse|女士衬衫,雪纺衫|Blouse||Blous
  cardigan|针织开衫,开衫|Cardigan,~Knit Jacket|针织开杉
  qipao|旗袍,~长衫裙|Qipao,Cheongsam|棋袍|Cheongsum
 men|男装|Menswear
  tshirt|T恤,短袖,~体恤|T-Shirt,Tee|T血|Tshrit
  shirt|衬衫,衬衣|Shirt|村衫
  jeans|牛仔裤,~丹宁裤|Jeans,Denim Pants|牛崽裤|Jeens
  suit|西装,西服|Suit,Tuxedo|西状
  polo|POLO衫,翻领T恤|Polo Shirt
 outerwear|外套|Outerwear
  jacket|夹克,~茄克衫|Jacket|茄克|Jaket
  down|羽绒服,~羽绒衣|Down Jacket,Puffer|羽绒夫
  coat|大衣,风衣|Coat,Trench Coat|大依
  hoodie|卫衣,连帽衫,~帽衫|Hoodie,Sweatshirt|卫依|Hoody
 underwear|内衣|Underwear
  bra|文胸,胸罩|Bra,Brassiere
  pajamas|睡衣,家居服|Pajamas,Pyjamas,~Sleepwear|睡依|Pijamas
  socks|袜子,短袜|Socks|抹子
shoes|鞋靴,鞋子|Shoes,Footwear
 sneakers|运动鞋,球鞋|Sneakers,Trainers
  running|跑鞋,跑步鞋,~慢跑鞋|Running Shoes,~Runners|跑邪|Runing Shoes
  basketball-shoes|篮球鞋|Basketball Shoes|蓝球鞋
  canvas|帆布鞋|Canvas Shoes,~Plimsolls|帆步鞋
 dress-shoes|皮鞋|Dress Shoes
  heels|高跟鞋|High Heels,Pumps|高根鞋|High Heals
  loafers|乐福鞋,一脚蹬|Loafers|乐福邪|Lofers
  oxford|牛津鞋|Oxfords,Oxford Shoes
 boots|靴子|Boots
  martin|马丁靴|Combat Boots,~Lace-up Boots|马丁雪
  snow|雪地靴|Snow Boots
 sandals|凉鞋|Sandals
  slippers|拖鞋,凉拖|Slippers,Slides|托鞋|Slipers
  beach-sandals|沙滩鞋|Beach Sandals
bags|箱包|Bags,Luggage
 handbags|女包|Handbags
  tote|托特包,购物袋|Tote Bag,Shopper|托特饱|Tote Bagg
  shoulder|单肩包,斜挎包,~腋下包|Shoulder Bag,Crossbody|单间包
  clutch|手拿包,晚宴包|Clutch,Evening Bag
 backpacks|双肩包|Backpacks
  rucksack|背包,书包,~双背包|Backpack,Rucksack|被包|Bagpack
  laptop-bag|电脑包|Laptop Bag
 luggage|行李箱|Suitcases
  trolley|拉杆箱,登机箱,~旅行箱|Trolley Case,Carry-on|拉竿箱
  wallet|钱包,皮夹|Wallet,Purse|钱饱|Walet
jewelry|珠宝腕表|Jewelry and Watches
 watches|手表,腕表|Watches
  mechanical|机械表,~机械腕表|Mechanical Watch,Automatic Watch|机戒表
  quartz|石英表|Quartz Watch|石英裱|Quarts Watch
  pocket-watch|怀表|Pocket Watch
 fine|珠宝|Fine Jewelry
  necklace|项链,吊坠|Necklace,Pendant|项练|Neckless
  ring|戒指,指环|Ring|借指
  bracelet|手链,手镯,~手串|Bracelet,Bangle|手练|Braclet
  earrings|耳环,耳钉|Earrings,Ear Studs|耳坏|Earings
beauty|美妆个护|Beauty
 skincare|护肤|Skincare
  cream|面霜,乳霜|Face Cream,Moisturizer|面双|Face Creme
  serum|精华液,精华,~肌底液|Serum,Essence|精化液
  mask|面膜|Face Mask,Sheet Mask|面摸
  sunscreen|防晒霜,防晒乳,~隔离防晒|Sunscreen,Sunblock|防晒双|Suncreen
 makeup|彩妆|Makeup
  lipstick|口红,唇膏,~唇釉|Lipstick,Lip Color|口虹|Lipstik
  foundation|粉底液,粉底|Foundation|粉低液|Foundaton
  eyeshadow|眼影,眼影盘|Eyeshadow|眼景
 care|个人护理|Personal Care
  perfume|香水,~淡香精|Perfume,Fragrance,~Eau de Parfum|乡水|Parfume
  shampoo|洗发水,洗发露|Shampoo|洗法水|Shampo
  bodywash|沐浴露,沐浴乳|Body Wash,Shower Gel|沐浴路
digital|数码|Electronics
 phones|手机通讯|Phones
  smartphone|智能手机,手机|Smartphone,Mobile Phone,~Cellphone|手鸡|Smartfone
  phone-case|手机壳,保护套,~手机套|Phone Case,Phone Cover|手机克
  charger|充电器,快充头|Charger,Power Adapter|冲电器
  powerbank|充电宝,移动电源|Power Bank,~Battery Pack|冲电宝
 computers|电脑|Computers
  laptop|笔记本电脑,笔记本,~手提电脑|Laptop,Notebook|笔计本|Labtop
  tablet|平板电脑,平板|Tablet|平版电脑|Tablit
  keyboard|键盘,机械键盘|Keyboard|健盘|Keybord
  monitor|显示器,显示屏|Monitor,Display|显视器
 audio|影音|Audio
  earphones|耳机,蓝牙耳机,~耳麦|Earphones,Headphones,~Earbuds|耳几|Headfones
  speaker|音箱,蓝牙音箱,~音响|Speaker,Loudspeaker|音厢
  camera|相机,单反相机|Camera,DSLR|像机|Camara
  drone|无人机,航拍器|Drone,Quadcopter
 wearables|智能穿戴|Wearables
  smartwatch|智能手表|Smartwatch|智能手裱
  band|智能手环,运动手环|Fitness Band,Fitness Tracker
appliances|家用电器,家电|Appliances
 kitchen-appliances|厨房电器|Kitchen Appliances
  ricecooker|电饭煲,电饭锅|Rice Cooker|电饭堡
  airfryer|空气炸锅|Air Fryer|空气榨锅
  coffee-machine|咖啡机,~意式机|Coffee Machine,Espresso Machine|加啡机|Coffe Machine
  hood|油烟机,抽油烟机|Range Hood|油烟几
 living-appliances|生活电器|Home Appliances
  vacuum|吸尘器,~除尘器|Vacuum Cleaner,Hoover|吸尘机|Vaccum Cleaner
  robot|扫地机器人,扫地机|Robot Vacuum
  humidifier|加湿器|Humidifier|加温器
  hairdryer|吹风机,电吹风|Hair Dryer,Blow Dryer|吹凤机
 big|大家电|Large Appliances
  fridge|冰箱,电冰箱|Refrigerator,Fridge|冰相|Refrigirator
  washer|洗衣机|Washing Machine,Washer|洗依机
  television|电视机,电视|Television,TV|电视鸡
home|家居|Home
 furniture|家具|Furniture
  sofa|沙发,~布艺座|Sofa,Couch|沙法|Soffa
  bookshelf|书架,置物架|Bookshelf,Bookcase|书驾
  desk|书桌,电脑桌|Desk|书卓
  chair|椅子,餐椅|Chair|倚子
 textile|家纺|Home Textiles
  bedding|四件套,床品|Bedding Set,Duvet Set|四件淘
  curtain|窗帘|Curtains,Drapes|窗联
  rug|地毯,~毛毯垫|Rug,Carpet|地毡|Carpett
  pillow|枕头,抱枕|Pillow,Cushion|忱头
 decor|家居饰品|Home Decor
  lamp|台灯,落地灯|Lamp,Table Lamp|抬灯
  vase|花瓶,花器|Vase|花平
  candle|香薰蜡烛,香薰|Scented Candle,Candle|香熏蜡烛
  poster|装饰画,海报|Poster,Wall Art
 kitchenware|厨具|Kitchenware
  mug|马克杯,杯子,~水杯|Mug,Cup|马克怀
  teapot|茶壶,茶具|Teapot,Tea Set|茶虎
  pan|炒锅,平底锅|Frying Pan,Wok|炒过
  knife|菜刀,刀具|Kitchen Knife|菜叨
food|食品生鲜|Food
 fruit|水果|Fruit
  apple|苹果,红富士|Apple,Apples|平果
  orange|橙,脐橙,橙子|Orange,Navel Orange|澄子
  cherry|樱桃,车厘子|Cherry,Cherries|樱挑
  blackberry|黑莓|Blackberry
  peach|桃,水蜜桃|Peach|水密桃
 grain|粮油|Grains
  millet|小米,黄小米|Millet,Foxtail Millet|小咪
  rice|大米,香米|Rice|大咪
  oil|橄榄油,食用油|Olive Oil,Cooking Oil|橄揽油
 drinks|饮品|Drinks
  coffee|咖啡,咖啡豆|Coffee,Coffee Beans|加啡|Coffe
  tea|茶叶,~茗茶|Tea,Tea Leaves|茶页
  wine|葡萄酒,红酒|Wine,Red Wine|葡葡酒
  baijiu|白酒,~高粱酒|Baijiu,Chinese Spirit
 snacks|零食|Snacks
  chocolate|巧克力|Chocolate|巧克利|Choclate
  nuts|坚果,每日坚果|Nuts,Mixed Nuts|艰果
  mooncake|月饼|Mooncake,Moon Cake|月并
sports|运动户外|Sports and Outdoors
 fitness|健身|Fitness
  yogamat|瑜伽垫,~瑜珈毯|Yoga Mat|瑜加垫
  dumbbell|哑铃|Dumbbell,Weights|亚铃|Dumbell
  treadmill|跑步机|Treadmill|跑部机
 camping|露营装备|Camping Gear
  tent|帐篷,天幕|Tent,Canopy|帐蓬
  sleepingbag|睡袋|Sleeping Bag
  camp-chair|折叠椅,露营椅|Camping Chair,Folding Chair
 cycling|骑行|Cycling
  bicycle|自行车,山地车,~单车|Bicycle,Bike|自行东|Bycicle
  helmet|头盔,骑行头盔|Helmet|头亏|Helmit
 balls|球类|Ball Games
  basketball|篮球|Basketball|蓝球
  football|足球|Football,Soccer Ball|足求
  racket|羽毛球拍,球拍|Badminton Racket,Racquet
  golf|高尔夫球杆|Golf Clubs|高尔夫球干
kids|母婴玩具|Kids and Toys
 toys|玩具|Toys
  blocks|积木,拼装积木|Building Blocks,Bricks|积目
  doll|娃娃,玩偶|Doll|哇娃
  plush|毛绒玩具,公仔,~布偶|Plush Toy,Stuffed Animal|毛绒玩俱
  figure|手办,模型|Figure,Figurine|手半
 baby|婴儿用品|Baby Care
  diaper|纸尿裤,尿不湿|Diapers,Nappies|纸尿库
  stroller|婴儿车,推车|Stroller,Pram|婴儿东
  formula|奶粉|Infant Formula,Milk Powder|奶份
books|图书文具|Books and Stationery
 reading|图书|Books
  novel|小说|Novel,Fiction|小悦
  comic|漫画|Comics,Manga|慢画
  cookbook|菜谱,食谱|Cookbook,Recipes
 stationery|文具|Stationery
  pen|钢笔,签字笔|Fountain Pen,Pen|刚笔
  notebook|手账本,笔记本|Notebook,Planner|手帐本
  ink|墨水,彩墨|Ink,Fountain Pen Ink
collectibles|收藏|Collectibles
 antiques|古玩|Antiques
  porcelain|瓷器,青花瓷|Porcelain,China|磁器|Porcelin
  calligraphy|字画,书法|Calligraphy|字化
  seal|印章|Seal,Stamp Seal
 coins|钱币邮票|Coins and Stamps
  coin|纪念币,银元|Commemorative Coin,Coin|记念币
  stamp|邮票|Stamp,Postage Stamp|油票
 cards|卡牌|Trading Cards
  card|球星卡,卡牌|Trading Card,Sports Card
  blindbox|盲盒,~惊喜盒|Blind Box,Mystery Box|忙盒
  vinyl|黑胶唱片,唱片|Vinyl Record,LP|黑胶唱骗|Vynil Record
auto|汽车用品|Automotive
 car-interior|车内用品|Car Interior
  seatcover|座垫,汽车坐垫|Seat Cover|坐店
  dashcam|行车记录仪|Dash Cam|行车纪录仪
 car-parts|汽车配件|Car Parts
  tire|轮胎|Tire,Tyre|轮台
  motoroil|机油,润滑油|Motor Oil,Engine Oil
  wiper|雨刮器,雨刷|Wiper Blades|雨括器
pets|宠物|Pets
 petfood|宠物食品|Pet Food
  catfood|猫粮|Cat Food|猫良
  dogfood|狗粮|Dog Food|狗良
 petgear|宠物用品|Pet Supplies
  litter|猫砂|Cat Litter|猫沙
  leash|牵引绳,狗绳|Dog Leash,Lead|牵引蝇
  cattree|猫爬架|Cat Tree|猫爬驾
services|本地服务|Local Services
 lessons|课程|Lessons
  coach|私教,健身教练,教练|Coach,Personal Trainer|私较
  piano|钢琴课|Piano Lessons|刚琴课
  english|英语课,英语陪练|English Lessons
 household|家政|Housekeeping
  cleaning|保洁,家庭保洁|Cleaning|宝洁服务
  moving|搬家|Moving,Removal
  repair|维修,手机维修|Repair,Phone Repair|维俢
 shooting|摄影|Photography
  portrait|写真,证件照|Portrait Photography,Photo Shoot|写真照
  wedding|婚纱照,婚礼跟拍|Wedding Photography|婚沙照
"""
