//! Row ids, one type per table so that they cannot be mixed up.

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
                 sea_orm::DeriveValueType, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                $name(id)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// One person who signs in.
    AccountId,
    /// One area in one span of validity.
    AreaId,
    /// One asset.
    AssetId,
    /// One month of one welfare post.
    AttendanceId,
    /// One attached file.
    AttachmentId,
    /// One budget for upkeep.
    BudgetId,
    /// One contract about the operation of an asset.
    ContractId,
    /// One thing that speaks against what the ledger says of an asset.
    DiscrepancyId,
    /// One maintenance duty.
    DutyId,
    /// One report of a fault of one asset.
    FaultReportId,
    /// One funding row.
    FundingId,
    /// One holder of one right in an asset.
    HoldingId,
    /// One sheet brought in.
    ImportId,
    /// One inspection of one asset.
    InspectionId,
    /// One import that is carried out while its sender does something else.
    JobId,
    /// One campaign.
    CampaignId,
    /// One line of a campaign.
    CampaignLineId,
    /// One route of an inspector.
    InspectionRouteId,
    /// One organization.
    OrganizationId,
    /// One request to spend more than is left.
    OverspendId,
    /// One person who keeps or owns assets.
    PersonId,
    /// One asset of one welfare post.
    PostAssetId,
    /// One project.
    ProjectId,
    /// One round of rectifying one finding.
    RectificationId,
    /// One list kept under a name.
    SavedViewId,
    /// One sign-in that lasts.
    SessionId,
    /// One plan to bring an asset back into use.
    RevivalId,
    /// One value of a local rule.
    SettingId,
    /// One spending out of a budget.
    SpendingId,
    /// One thing found in a stock-take that was not on the ledger.
    StockFindId,
    /// One line of a stock-take.
    StockLineId,
    /// One stock-take.
    StockTakeId,
    /// One title register entry.
    TitleId,
    /// How one asset was found last.
    UpkeepId,
    /// One sum received for upkeep.
    UpkeepFundId,
    /// One sealed record of personal data.
    VaultId,
    /// One waived finding.
    WaiverId,
    /// One address that is told of what happens.
    WebhookId,
    /// One welfare post.
    WelfarePostId,
    /// One thing that is to be mended.
    WorkOrderId,
}
