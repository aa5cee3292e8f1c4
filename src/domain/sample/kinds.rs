//! What is built in the sample county: every subclass with its usual size, cost, department and
//! money. The mix follows a real district (domain.md §9), with more operating assets.

use entity::{
    asset::{Subclass, Unit},
    funding::Fund,
    project::LineDepartment,
};

/// How the size of an asset follows from its cost.
#[derive(Clone, Copy)]
pub(super) enum Size {
    /// There is one of it.
    One,
    /// A unit costs so many yuan; the size is a multiple of so many ten-thousandths.
    By { yuan: i64, step: i64 },
}

/// One thing that is built.
#[derive(Clone, Copy)]
pub(super) struct Variant {
    pub(super) name: &'static str,
    pub(super) specification: &'static str,
    pub(super) unit: Unit,
    pub(super) size: Size,
}

/// One subclass.
pub(super) struct Kind {
    pub(super) subclass: Subclass,
    /// How many there are.
    pub(super) n: usize,
    /// What one costs on average, in yuan, before the class is brought to its mean.
    pub(super) yuan: i64,
    /// What its projects are called.
    pub(super) theme: &'static str,
    pub(super) department: LineDepartment,
    /// The fund that often pays beside the main one.
    pub(super) fund: Fund,
    pub(super) life_years: i32,
    pub(super) variants: &'static [Variant],
}

const fn one(name: &'static str, specification: &'static str, unit: Unit) -> Variant {
    Variant { name, specification, unit, size: Size::One }
}

const fn by(
    name: &'static str,
    specification: &'static str,
    (unit, yuan, step): (Unit, i64, i64),
) -> Variant {
    Variant { name, specification, unit, size: Size::By { yuan, step } }
}

macro_rules! kinds {
    ($($subclass:ident $n:literal $yuan:literal $theme:literal $department:ident $fund:ident $years:literal [$($variant:expr),+];)+) => {
        &[$(Kind {
            subclass: Subclass::$subclass,
            n: $n,
            yuan: $yuan,
            theme: $theme,
            department: LineDepartment::$department,
            fund: Fund::$fund,
            life_years: $years,
            variants: &[$($variant),+],
        }),+]
    };
}

/// A tenth of a kilometre, and a whole unit.
const KM: i64 = 10;
const WHOLE: i64 = 10_000;

use Unit::{
    Animal, Building, Head, Household, Kilometre, Kilowatt, Lamp, Machine, Metre, Mu, Room, Set,
    Site, SquareMetre, TenThousandYuan, Well,
};

/// Every subclass: how many, mean yuan, theme, department, second fund, years of life, what is
/// built.
pub(super) const KINDS: &[Kind] = kinds! {
    Road 330 680_000 "农村公路建设" Transport WorkRelief 20 [
        by("通组公路", "路面宽3.5米，C25混凝土，厚18厘米", (Kilometre, 450_000, KM)),
        by("产业路", "路面宽3.0米，C25混凝土，厚15厘米", (Kilometre, 380_000, KM)),
        by("通村公路", "路面宽4.5米，沥青混凝土", (Kilometre, 620_000, KM)),
        by("入户路", "路面宽1.2米，C20混凝土", (Metre, 160, WHOLE))];
    Irrigation 150 420_000 "小型农田水利" WaterResources PooledAgriculture 20 [
        by("灌溉渠道", "U形渠D60，现浇", (Metre, 320, WHOLE)),
        one("提灌站", "单级离心泵，含管道", Site),
        one("山塘整治", "坝体加固防渗", Building)];
    WaterSupply 105 550_000 "农村饮水安全巩固提升" WaterResources Sector 20 [
        one("集中供水工程", "含取水口、过滤池、蓄水池及管网", Site),
        by("供水管网", "PE管DN63", (Metre, 85, WHOLE)),
        one("人饮水井", "井深80米，含水泵及井房", Well)];
    Sanitation 70 180_000 "农村人居环境整治" Housing Lottery 10 [
        one("公共厕所", "三格化粪池，砖混，6蹲位", Building),
        one("垃圾收集站", "含压缩箱1台", Site),
        by("污水管网", "HDPE双壁波纹管DN300", (Metre, 420, WHOLE))];
    Education 30 950_000 "教育扶贫" Education Sector 30 [
        by("小学食堂", "框架结构", (SquareMetre, 2_300, WHOLE)),
        by("幼儿园教学用房", "框架结构", (SquareMetre, 2_600, WHOLE))];
    Culture 45 320_000 "村级公共文化设施" Culture Lottery 15 [
        one("文化广场", "混凝土地面，含舞台", Site),
        by("文化活动室", "砖混结构", (SquareMetre, 1_800, WHOLE))];
    Sports 40 150_000 "农民体育健身工程" Culture Lottery 10 [
        one("篮球场", "硅PU地面，含篮架2套", Site),
        by("健身器材", "室外健身路径", (Set, 12_000, WHOLE))];
    Health 40 280_000 "村卫生室标准化建设" Health Sector 30 [
        by("村卫生室", "砖混结构，含诊室、药房", (SquareMetre, 2_200, WHOLE))];
    Power 35 360_000 "农村电网及亮化" Power Sector 10 [
        by("太阳能路灯", "灯杆6米，LED 40瓦", (Lamp, 2_800, WHOLE)),
        one("台区变压器", "200kVA", Machine)];
    Network 15 120_000 "信息进村入户" Reform Sector 6 [
        one("村级光纤网络", "含光交箱1台", Site),
        by("视频监控", "400万像素，含存储", (Set, 6_500, WHOLE))];
    CommunityService 50 750_000 "村级综合服务中心建设" Other FiscalSpecial 30 [
        by("综合服务中心", "砖混结构，二层", (SquareMetre, 2_100, WHOLE))];
    Farmland 30 1_200_000 "高标准农田建设" Agriculture PooledAgriculture 15 [
        by("高标准农田", "含机耕道、沟渠及土地平整", (Mu, 2_400, 1_000))];
    Watershed 15 1_300_000 "小流域综合治理" WaterResources PooledAgriculture 20 [
        by("河堤治理", "M7.5浆砌石护岸", (Metre, 1_900, WHOLE))];
    RelocationFacility 20 1_600_000 "易地扶贫搬迁后续扶持" Reform Relocation 30 [
        by("安置点社区用房", "框架结构", (SquareMetre, 2_500, WHOLE)),
        one("安置点污水处理站", "日处理50吨", Site)];
    OtherPublic 15 250_000 "村级公共设施" Other Donation 10 [
        one("公共晾晒场", "混凝土地面", Site),
        one("便民桥", "钢筋混凝土板桥", Building)];

    FarmBase 26 950_000 "产业基地建设" Agriculture EastWest 15 [
        by("蔬菜大棚基地", "单体钢架大棚", (SquareMetre, 65, WHOLE)),
        by("茶叶种植基地", "含水肥一体化", (Mu, 6_500, 1_000)),
        by("肉牛养殖场", "钢结构圈舍，含青贮池", (SquareMetre, 620, WHOLE))];
    Processing 10 1_300_000 "农产品加工" Agriculture EastWest 20 [
        by("稻米加工厂", "钢结构厂房", (SquareMetre, 1_350, WHOLE)),
        one("茶叶加工生产线", "日产干茶300千克", Set)];
    Tourism 6 1_500_000 "乡村旅游" Culture EastWest 20 [
        by("民宿", "砖木结构改造", (Room, 110_000, WHOLE)),
        one("游客接待中心", "含停车场", Site)];
    ECommerce 5 450_000 "电商进农村" Commerce Sector 10 [
        one("电商服务站", "含设备一套", Site)];
    OperatingInfrastructure 5 900_000 "农贸市场建设" Commerce Bond 20 [
        by("农贸市场", "钢结构大棚", (SquareMetre, 900, WHOLE))];
    Solar 12 750_000 "光伏扶贫" Reform EastWest 20 [
        by("村级光伏电站", "多晶硅组件，并网", (Kilowatt, 6_800, 1_000))];
    Workshop 9 1_100_000 "帮扶车间建设" Commerce EastWest 20 [
        by("帮扶车间", "钢结构厂房", (SquareMetre, 1_300, WHOLE))];
    Shop 5 1_800_000 "村集体经济物业" Agriculture LandQuota 30 [
        by("商铺", "框架结构，临街", (SquareMetre, 6_200, WHOLE))];
    ColdStorage 5 950_000 "冷链物流" Commerce CentralPaired 15 [
        one("保鲜冷库", "库容500立方米", Building)];
    Equity 4 1_500_000 "产业发展入股" Agriculture FiscalSpecial 0 [
        by("龙头企业入股", "按股比分红", (TenThousandYuan, 10_000, WHOLE))];
    Debt 3 3_000_000 "产业发展资金借用" Agriculture FiscalSpecial 0 [
        by("产业发展借用资金", "到期归还本金", (TenThousandYuan, 10_000, WHOLE))];
    InvestmentFund 2 1_000_000 "产业发展基金" Agriculture Transition 0 [
        by("产业发展基金份额", "县级产业发展基金", (TenThousandYuan, 10_000, WHOLE))];
    OtherOperating 3 400_000 "农机社会化服务" Agriculture CentralPaired 8 [
        by("农机具", "含拖拉机、旋耕机", (Machine, 68_000, WHOLE))];

    RelocationHousing 110 250_000 "易地扶贫搬迁住房" Reform Relocation 50 [
        by("搬迁安置房", "砖混结构", (SquareMetre, 2_400, WHOLE))];
    RenovatedHousing 15 55_000 "农村危房改造" Housing Sector 30 [
        by("危房改造", "砖木结构", (SquareMetre, 900, WHOLE))];
    HouseholdToilet 8 24_000 "农村户厕改造" Housing Lottery 8 [
        by("户厕改造", "三格式", (Household, 3_800, WHOLE))];
    HouseholdWater 8 30_000 "到户饮水" WaterResources Sector 10 [
        by("到户饮水设施", "入户管及水表", (Household, 4_200, WHOLE))];
    HouseholdTelevision 5 12_000 "广播电视户户通" Culture Sector 6 [
        by("户户通设备", "接收机及天线", (Household, 1_900, WHOLE))];
    Livestock 8 260_000 "到户养殖" Agriculture EastWest 5 [
        by("能繁母牛", "黄牛", (Head, 14_500, WHOLE)),
        by("种鸭", "麻鸭", (Animal, 120, WHOLE))];
    HouseholdEquipment 6 90_000 "到户农机具" Agriculture Donation 8 [
        by("小型农机具", "微耕机", (Machine, 7_600, WHOLE))];
    OtherHousehold 5 60_000 "到户庭院经济" Agriculture SelfRaised 8 [
        by("庭院种植设施", "钢架小棚", (Household, 9_800, WHOLE))];
};

/// What a department has done on its assets and the rule it has issued (管护内容、管护制度).
pub(super) const fn upkeep(department: LineDepartment) -> (&'static str, &'static str) {
    use LineDepartment::{
        Agriculture, Commerce, Culture, Education, Forestry, Health, Housing, Other, Power, Reform,
        Transport, WaterResources,
    };
    match department {
        Transport => ("路面保洁、边沟疏通、小修保养", "青禾县农村公路养护管理办法"),
        WaterResources => ("设施巡查、清淤、水质与管网维护", "青禾县农村水利设施运行管护办法"),
        Agriculture => ("设施巡查、维修保养、安全检查", "青禾县农业产业资产管护细则"),
        Education => ("校舍检查与维修", "青禾县学校校舍维护管理规定"),
        Health => ("房屋设备检查与维修", "青禾县村卫生室资产管理制度"),
        Culture => ("场地保洁、器材检修", "青禾县基层文化体育设施管护办法"),
        Housing => ("清扫保洁、设施维修", "青禾县农村环境卫生设施管护办法"),
        Forestry => ("巡护、补植", "青禾县林业设施管护办法"),
        Power => ("灯具、线路检修", "青禾县村级照明与用电设施管护办法"),
        Commerce => ("房屋设备维修、消防检查", "青禾县帮扶车间及商贸设施管理办法"),
        Reform => ("设备巡检、清洗、维修", "青禾县光伏电站及安置点设施运维管理办法"),
        Other => ("日常巡查、维修", "青禾县村级公共设施管护办法"),
    }
}
