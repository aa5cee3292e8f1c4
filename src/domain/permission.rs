//! Which role may do which action: one table, printed in both languages by a test.

use entity::account::Role;
pub use entity::log::Action;

/// Whether a role may do an action (domain.md §11). Where it may do it, its area says.
pub fn permits(role: Role, action: Action) -> bool {
    grants(action).contains(&role)
}

/// Whether whoever acts in a session must have proven anew, a short while ago, who they are
/// (reliability.md §3): what approves, what shows personal data, what lets people in and what sends anything out.
/// Locking somebody out never waits.
pub const fn needs_step_up(action: Action) -> bool {
    matches!(
        action,
        Action::WaiveFinding
            | Action::RevealPerson
            | Action::AddAccount
            | Action::UnlockAccount
            | Action::InviteAccount
            | Action::ResetAccount
            | Action::DropSecondFactor
            | Action::SetRule
            | Action::WithdrawRule
            | Action::DecideOverspend
            | Action::AddWebhook
            | Action::AmendWebhook
            | Action::RotateWebhook
    )
}

/// Whether a role reads the telephones of the organizations in its area whole: whoever follows a
/// finding up must be able to call who has to act (ux.md §0.3). Names, and the numbers of people,
/// are masked for every role (reliability.md §4.4).
pub const fn calls_offices(role: Role) -> bool {
    match role {
        Role::Operator
        | Role::FinanceClerk
        | Role::FinanceApprover
        | Role::RuralOfficer
        | Role::DepartmentOfficer
        | Role::TownshipClerk
        | Role::VillageOfficer
        | Role::Inspector
        | Role::Leader => true,
        Role::Administrator
        | Role::SecurityAdministrator
        | Role::AuditAdministrator
        | Role::Auditor
        | Role::Villager => false,
    }
}

/// The roles that may do an action.
#[expect(clippy::match_same_arms, clippy::too_many_lines, reason = "a table is read line by line")]
pub const fn grants(action: Action) -> &'static [Role] {
    use Role::{
        Administrator, AuditAdministrator, Auditor, DepartmentOfficer, FinanceApprover,
        FinanceClerk, Inspector, Leader, Operator, RuralOfficer, SecurityAdministrator,
        TownshipClerk, VillageOfficer, Villager,
    };
    match action {
        Action::ImportAreas | Action::RenameArea | Action::MergeArea => {
            &[Operator, Administrator, RuralOfficer]
        }
        Action::AddAccount | Action::InviteAccount => &[Operator, Administrator],
        Action::LockAccount
        | Action::UnlockAccount
        | Action::ResetAccount
        | Action::DropSecondFactor
        | Action::RevokeSession => &[Operator, SecurityAdministrator],
        // one's own: whoever signs in
        Action::SetPassword
        | Action::SetMailAddress
        | Action::EnrollSecondFactor
        | Action::SaveView
        | Action::AmendView
        | Action::WithdrawView => &[
            Administrator,
            SecurityAdministrator,
            AuditAdministrator,
            FinanceClerk,
            FinanceApprover,
            RuralOfficer,
            DepartmentOfficer,
            TownshipClerk,
            VillageOfficer,
            Inspector,
            Leader,
            Auditor,
        ],
        Action::RegisterOrganization | Action::AmendOrganization | Action::EndOrganization => {
            &[Operator, FinanceClerk, RuralOfficer, TownshipClerk]
        }
        Action::EndPerson => &[Operator, FinanceClerk, RuralOfficer, TownshipClerk, VillageOfficer],
        Action::RegisterProject | Action::AmendProject => {
            &[Operator, FinanceClerk, RuralOfficer, DepartmentOfficer]
        }
        Action::RegisterAsset | Action::AmendAsset | Action::HandOverAsset => {
            &[Operator, FinanceClerk, RuralOfficer, DepartmentOfficer, TownshipClerk]
        }
        // whoever may amend a thing; of a title, `domain::attachment` asks for more
        Action::AttachFile | Action::WithdrawFile => {
            &[Operator, FinanceClerk, RuralOfficer, DepartmentOfficer, TownshipClerk]
        }
        Action::CorrectAsset
        | Action::ReclassAsset
        | Action::SplitAsset
        | Action::MergeAssets
        | Action::SettleTitle => &[Operator, FinanceClerk, RuralOfficer],
        Action::AssignDuty | Action::EndDuty | Action::TakeBackDuties => {
            &[Operator, FinanceClerk, RuralOfficer, DepartmentOfficer, TownshipClerk]
        }
        // whoever goes there
        Action::RecordInspection => {
            &[Operator, RuralOfficer, DepartmentOfficer, TownshipClerk, VillageOfficer, Inspector]
        }
        // whoever sends inspectors
        Action::MakeRoute | Action::AmendRoute | Action::EndRoute => {
            &[Operator, RuralOfficer, DepartmentOfficer, TownshipClerk]
        }
        // the village proposes, the town approves, the county plans (domain.md §4)
        Action::OpenPost | Action::AmendPost | Action::EndPost => {
            &[Operator, RuralOfficer, TownshipClerk]
        }
        Action::RecordAttendance => &[Operator, RuralOfficer, TownshipClerk, VillageOfficer],
        Action::ApproveAttendance => &[Operator, FinanceApprover, RuralOfficer, TownshipClerk],
        // whoever goes there, and whoever is told of it
        Action::OpenWorkOrder => {
            &[Operator, RuralOfficer, DepartmentOfficer, TownshipClerk, VillageOfficer, Inspector]
        }
        Action::EstimateWorkOrder
        | Action::DispatchWorkOrder
        | Action::BeginWorkOrder
        | Action::ReportWorkOrder
        | Action::AcceptWorkOrder
        | Action::DismissWorkOrder => {
            &[Operator, RuralOfficer, DepartmentOfficer, TownshipClerk, VillageOfficer]
        }
        // each up to an amount: `domain::work_order` says to which
        Action::ApproveWorkOrder => {
            &[Operator, FinanceApprover, RuralOfficer, TownshipClerk, VillageOfficer]
        }
        // 一资产一方案: whoever looks after it plans, whoever is responsible for it approves and verifies
        Action::ProposeRevival | Action::AmendRevival | Action::ReportRevival => {
            &[Operator, RuralOfficer, DepartmentOfficer, TownshipClerk, VillageOfficer]
        }
        Action::ApproveRevival | Action::VerifyRevival => {
            &[Operator, FinanceApprover, RuralOfficer, TownshipClerk]
        }
        Action::EndRevival => &[Operator, RuralOfficer, TownshipClerk],
        // whoever stands before the asset, without an account
        Action::FileFaultReport => &[Villager, Operator],
        Action::AcceptFaultReport | Action::DismissFaultReport | Action::MendFaultReport => {
            &[Operator, RuralOfficer, DepartmentOfficer, TownshipClerk, VillageOfficer]
        }
        // finance edits money (domain.md §11); those who see to the work book what it costs
        Action::RegisterFund
        | Action::AmendFund
        | Action::SetBudget
        | Action::AmendBudget
        | Action::ReverseSpending => &[Operator, FinanceClerk],
        Action::CommitSpending
        | Action::PaySpending
        | Action::ReleaseSpending
        | Action::AskOverspend => &[Operator, FinanceClerk, TownshipClerk],
        Action::DecideOverspend => &[Operator, FinanceClerk, FinanceApprover],
        // whoever keeps the register of who owns and who keeps
        Action::ConcludeContract | Action::AmendContract | Action::EndContract => {
            &[Operator, FinanceClerk, RuralOfficer, TownshipClerk]
        }
        // the village counts, the town signs (domain.md §4)
        Action::OpenStockTake => &[Operator, RuralOfficer, TownshipClerk, VillageOfficer],
        Action::CountStock | Action::RecordStockFind => &[Operator, TownshipClerk, VillageOfficer],
        Action::SettleStockFind | Action::SignStockTake => &[Operator, RuralOfficer, TownshipClerk],
        // whoever keeps the register says that it is right
        Action::SettleDiscrepancy => &[Operator, FinanceClerk, RuralOfficer, TownshipClerk],
        Action::WaiveFinding => &[Operator, FinanceApprover, RuralOfficer],
        Action::SetRule | Action::WithdrawRule | Action::ApplyRule => {
            &[Operator, FinanceApprover, RuralOfficer]
        }
        Action::AssignRectification => &[
            Operator,
            FinanceClerk,
            FinanceApprover,
            RuralOfficer,
            DepartmentOfficer,
            TownshipClerk,
        ],
        Action::BeginRectification | Action::ReportRectification => &[
            Operator,
            FinanceClerk,
            RuralOfficer,
            DepartmentOfficer,
            TownshipClerk,
            VillageOfficer,
        ],
        Action::CheckRectification => &[
            Operator,
            FinanceClerk,
            FinanceApprover,
            RuralOfficer,
            DepartmentOfficer,
            TownshipClerk,
        ],
        Action::EscalateRectification => &[
            Operator,
            FinanceClerk,
            FinanceApprover,
            RuralOfficer,
            DepartmentOfficer,
            TownshipClerk,
            VillageOfficer,
            Leader,
        ],
        // the county or the town goes through what is open; whoever knows the asset answers
        Action::OpenCampaign | Action::DrawCampaign => {
            &[Operator, FinanceApprover, RuralOfficer, DepartmentOfficer, TownshipClerk]
        }
        Action::AnswerCampaign => &[
            Operator,
            FinanceClerk,
            RuralOfficer,
            DepartmentOfficer,
            VillageOfficer,
            TownshipClerk,
        ],
        Action::RecheckCampaign => {
            &[Operator, FinanceApprover, RuralOfficer, DepartmentOfficer, TownshipClerk, Inspector]
        }
        Action::CloseCampaign => {
            &[Operator, FinanceApprover, RuralOfficer, DepartmentOfficer, TownshipClerk, Leader]
        }
        Action::ImportSheet | Action::UndoImport => {
            &[Operator, FinanceClerk, RuralOfficer, TownshipClerk]
        }
        Action::NightlyRound => &[Operator],
        Action::ExportRows => &[
            Operator,
            FinanceClerk,
            FinanceApprover,
            RuralOfficer,
            DepartmentOfficer,
            TownshipClerk,
            VillageOfficer,
            Inspector,
            Leader,
            Auditor,
        ],
        Action::RevealPerson => {
            &[Operator, FinanceClerk, RuralOfficer, TownshipClerk, Inspector, Leader, Auditor]
        }
        Action::ReadLog | Action::VerifyLog => &[Operator, Auditor, AuditAdministrator],
        Action::ReadHealth => &[Operator, Administrator, SecurityAdministrator, AuditAdministrator],
        Action::ShareView => &[
            FinanceClerk,
            FinanceApprover,
            RuralOfficer,
            DepartmentOfficer,
            TownshipClerk,
            Leader,
            Auditor,
        ],
        // what leaves the ledger by itself is the administrator's to settle, as accounts are
        Action::AddWebhook
        | Action::AmendWebhook
        | Action::PauseWebhook
        | Action::ResumeWebhook
        | Action::EndWebhook
        | Action::RotateWebhook
        | Action::ReplayWebhook => &[Operator, Administrator],
        Action::ReadWebhooks => {
            &[Operator, Administrator, SecurityAdministrator, AuditAdministrator, Auditor]
        }
        Action::ReadAccounts => {
            &[Operator, Administrator, SecurityAdministrator, AuditAdministrator, Auditor]
        }
    }
}
