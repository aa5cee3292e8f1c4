//! The log: one entry an action, recorded for good (architecture.md §11, reliability.md §4).

use sea_orm::entity::prelude::*;

use crate::area::County;

coded_enum! {
    /// What can be done to the ledger. The log keeps the code.
    pub enum Action {
        ImportAreas = "area.import" "导入区划" "import areas",
        RenameArea = "area.rename" "区划更名" "rename an area",
        MergeArea = "area.merge" "区划合并" "merge an area into another",
        AddAccount = "account.add" "开设账号" "add an account",
        LockAccount = "account.lock" "停用账号" "lock an account",
        UnlockAccount = "account.unlock" "启用账号" "unlock an account",
        InviteAccount = "account.invite" "发放首次登录链接" "issue a first sign-in link",
        ResetAccount = "account.reset" "重置密码" "reset an account's password",
        DropSecondFactor = "second_factor.drop" "解除动态口令" "remove a person's second factor",
        RevokeSession = "session.revoke" "终止会话" "end a person's session",
        SetPassword = "password.set" "设置密码" "set one's password",
        SetMailAddress = "mail_address.set" "设置摘要邮箱" "set where one's digests are sent",
        EnrollSecondFactor = "second_factor.enroll" "绑定动态口令" "enroll one's second factor",
        RegisterOrganization = "organization.register" "登记单位" "register an organization",
        AmendOrganization = "organization.amend" "变更单位" "amend an organization",
        EndOrganization = "organization.end" "单位注销" "end an organization",
        EndPerson = "person.end" "人员离任" "end a person's duties",
        RegisterProject = "project.register" "登记项目" "register a project",
        AmendProject = "project.amend" "变更项目" "amend a project",
        RegisterAsset = "asset.register" "登记资产" "register an asset",
        AmendAsset = "asset.amend" "变更资产" "amend an asset",
        CorrectAsset = "asset.correct" "更正资产" "correct an asset",
        ReclassAsset = "asset.reclass" "资产重分类" "re-class an asset",
        SplitAsset = "asset.split" "拆分资产" "split an asset",
        MergeAssets = "asset.merge" "合并资产" "merge assets",
        HandOverAsset = "asset.hand_over" "移交资产" "hand over an asset",
        SettleTitle = "title.settle" "确权登记" "settle a title",
        AssignDuty = "duty.assign" "指派管护责任" "assign a duty",
        AttachFile = "attachment.attach" "上传附件" "attach a file",
        WithdrawFile = "attachment.withdraw" "撤回附件" "withdraw a file",
        EndDuty = "duty.end" "终止管护责任" "end a duty",
        TakeBackDuties = "duty.take_back" "撤回指派" "take an assignment back",
        RecordInspection = "inspection.record" "登记巡查" "record an inspection",
        MakeRoute = "inspection_route.make" "制定巡查路线" "make a route of inspections",
        AmendRoute = "inspection_route.amend" "变更巡查路线" "amend a route of inspections",
        EndRoute = "inspection_route.end" "停用巡查路线" "end a route of inspections",
        OpenPost = "welfare_post.open" "公益岗位聘任" "give a welfare post to somebody",
        AmendPost = "welfare_post.amend" "变更公益岗位" "amend a welfare post",
        EndPost = "welfare_post.end" "公益岗位退岗" "end a welfare post",
        RecordAttendance = "attendance.record" "登记考勤考核" "record a month of a welfare post",
        ApproveAttendance = "attendance.approve" "核定岗位报酬" "approve the pay of a month",
        OpenWorkOrder = "work_order.open" "开维修工单" "open a work order",
        EstimateWorkOrder = "work_order.estimate" "维修估价" "estimate a work order",
        ApproveWorkOrder = "work_order.approve" "批准维修" "approve a work order",
        DispatchWorkOrder = "work_order.dispatch" "派单" "dispatch a work order",
        BeginWorkOrder = "work_order.begin" "维修开工" "begin a work order",
        ReportWorkOrder = "work_order.report" "报维修完工" "report a work order done",
        AcceptWorkOrder = "work_order.accept" "维修验收" "accept a work order",
        DismissWorkOrder = "work_order.dismiss" "不予维修" "dismiss a work order",
        ProposeRevival = "revival.propose" "提出盘活方案" "propose a revival plan",
        AmendRevival = "revival.amend" "调整盘活方案" "amend a revival plan",
        ApproveRevival = "revival.approve" "批准盘活方案" "approve a revival plan",
        ReportRevival = "revival.report" "报盘活完成" "report a revival done",
        VerifyRevival = "revival.verify" "核验盘活" "verify a revival",
        EndRevival = "revival.end" "终止盘活方案" "end a revival plan",
        FileFaultReport = "fault_report.file" "报修" "report a fault",
        AcceptFaultReport = "fault_report.accept" "受理报修" "accept a report of a fault",
        DismissFaultReport = "fault_report.dismiss" "退回报修" "dismiss a report of a fault",
        MendFaultReport = "fault_report.mend" "报修办结" "record that a reported fault is mended",
        RegisterFund = "fund.register" "登记管护资金" "register an upkeep fund",
        AmendFund = "fund.amend" "变更管护资金" "amend an upkeep fund",
        SetBudget = "budget.set" "安排管护预算" "set an upkeep budget",
        AmendBudget = "budget.amend" "调整管护预算" "amend an upkeep budget",
        CommitSpending = "spending.commit" "预占经费" "commit money of a budget",
        PaySpending = "spending.pay" "支付经费" "pay out of a budget",
        ReleaseSpending = "spending.release" "释放预占" "release a commitment",
        ReverseSpending = "spending.reverse" "冲销支出" "reverse a payment",
        AskOverspend = "overspend.ask" "申请超支" "ask to overspend",
        DecideOverspend = "overspend.decide" "审批超支" "decide on an overspend",
        ConcludeContract = "contract.conclude" "登记合同" "conclude a contract",
        AmendContract = "contract.amend" "变更合同" "amend a contract",
        EndContract = "contract.end" "终止合同" "end a contract early",
        OpenStockTake = "stock_take.open" "开始盘点" "open a stock-take",
        CountStock = "stock_take.count" "盘点登记" "count lines of a stock-take",
        RecordStockFind = "stock_find.record" "登记盘盈" "record what is not on the ledger",
        SettleStockFind = "stock_find.settle" "处理盘盈" "settle what was not on the ledger",
        SignStockTake = "stock_take.sign" "签认盘点" "sign a stock-take",
        SettleDiscrepancy = "discrepancy.settle" "核实差异" "settle a discrepancy",
        WaiveFinding = "finding.waive" "豁免问题" "waive a finding",
        AssignRectification = "rectification.assign" "交办整改" "ask for a rectification",
        BeginRectification = "rectification.begin" "开始整改" "begin a rectification",
        ReportRectification = "rectification.report" "报整改完成" "report a rectification done",
        CheckRectification = "rectification.check" "核查整改" "check a rectification",
        EscalateRectification = "rectification.escalate" "督办" "escalate a rectification",
        OpenCampaign = "campaign.open" "启动专项排查" "begin a campaign",
        AnswerCampaign = "campaign.answer" "答复专项排查" "answer lines of a campaign",
        DrawCampaign = "campaign.draw" "抽查专项排查" "draw the sample of a campaign",
        RecheckCampaign = "campaign.recheck" "复核专项排查" "check a line of a campaign again",
        CloseCampaign = "campaign.close" "办结专项排查" "close out a campaign",
        ImportSheet = "import.carry_out" "导入表格" "import a sheet",
        UndoImport = "import.undo" "撤销导入" "undo an import",
        SetRule = "setting.set" "设定县级规则" "set a local rule",
        WithdrawRule = "setting.withdraw" "撤回县级规则" "withdraw a local rule",
        ApplyRule = "setting.apply" "按县级规则复核" "check assets by a local rule",
        NightlyRound = "nightly.round" "夜间核查" "nightly round",
        ExportRows = "export.rows" "导出" "export",
        SaveView = "view.save" "保存视图" "save a view",
        AmendView = "view.amend" "变更视图" "amend a view",
        WithdrawView = "view.withdraw" "撤下视图" "take a view away",
        ShareView = "view.share" "共享视图" "share a view",
        RevealPerson = "person.reveal" "查看个人信息" "reveal personal data",
        AddWebhook = "webhook.add" "添加推送地址" "add a webhook",
        AmendWebhook = "webhook.amend" "变更推送地址" "amend a webhook",
        PauseWebhook = "webhook.pause" "暂停推送" "pause a webhook",
        ResumeWebhook = "webhook.resume" "恢复推送" "resume a webhook",
        EndWebhook = "webhook.end" "终止推送" "end a webhook",
        RotateWebhook = "webhook.rotate" "更换推送密钥" "give a webhook another secret",
        ReplayWebhook = "webhook.replay" "重新推送" "send events of a webhook again",
        ReadWebhooks = "webhook.read" "查看推送地址" "see webhooks",
        ReadLog = "log.read" "查阅留痕" "read the log",
        VerifyLog = "log.verify" "核验台账" "verify the ledger against its log",
        ReadAccounts = "account.read" "查看账号" "see accounts",
        ReadHealth = "health.read" "查看运行状况" "see how the service is",
    }
}

/// One entry of one county's log.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Position in the county's log, from 0 without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    pub actor: String,
    pub action: String,
    /// The exact bytes that were hashed: canonical JSON (RFC 8785).
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// SHA-256(0x00 ‖ body).
    pub leaf: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Which entry made which version of a row.
pub mod change {
    use super::County;
    use sea_orm::entity::prelude::*;

    /// One version of one row, and the entry that made it.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub noun: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub county: County,
        pub seq: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where each county's log ends.
pub mod head {
    use super::County;
    use sea_orm::entity::prelude::*;

    /// The end of one county's log: its size and the compact range of its tree.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_head")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub county: County,
        pub size: i64,
        pub frontier: Vec<u8>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Signed ends of logs.
pub mod checkpoint {
    use super::County;
    use sea_orm::entity::prelude::*;

    /// A signed checkpoint of one county's log.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "checkpoint")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub county: County,
        #[sea_orm(primary_key, auto_increment = false)]
        pub size: i64,
        /// Milliseconds since 1970, UTC.
        pub at: i64,
        /// The signed note (C2SP tlog-checkpoint).
        #[sea_orm(column_type = "Text")]
        pub note: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What belongs to the ledger as a whole.
pub mod ledger {
    use sea_orm::entity::prelude::*;

    /// The one row that names this ledger.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        /// The name that checkpoints carry as their origin.
        pub name: String,
        /// The public key that checks its checkpoints, in the text form of signed notes.
        pub verifier: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
