//! Files attached to assets, titles, duties, inspections, work orders, reports of faults, spendings
//! and revival plans:
//! what each is, and by which digest its content is known.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, AttachmentId},
    measure::Coordinate,
};

coded_enum! {
    /// What a file is attached to.
    pub enum Subject {
        Asset = "asset" "资产" "asset",
        Title = "title" "权属" "title",
        Duty = "duty" "管护责任" "duty",
        Inspection = "inspection" "巡查" "inspection",
        WorkOrder = "work_order" "维修工单" "work order",
        FaultReport = "fault_report" "报修" "report of a fault",
        Spending = "spending" "支出" "spending",
        Revival = "revival" "盘活方案" "revival plan",
    }
}

coded_enum! {
    /// What kind of document it is.
    pub enum Kind {
        Photo = "photo" "照片" "photo",
        Before = "before" "维修前照片" "photo before the repair",
        After = "after" "维修后照片" "photo after the repair",
        Approval = "approval" "批复文件" "approval",
        Acceptance = "acceptance" "竣工验收资料" "acceptance record",
        Contract = "contract" "合同" "contract",
        Certificate = "certificate" "权属证书" "certificate",
        Agreement = "agreement" "管护协议" "agreement",
        Minutes = "minutes" "会议记录" "minutes",
        Voucher = "voucher" "凭证" "voucher",
        Other = "other" "其他" "other",
    }
}

coded_enum! {
    /// How a file is written, told by its content.
    pub enum Media {
        Pdf = "pdf" "PDF" "PDF",
        Jpeg = "jpeg" "JPEG 图片" "JPEG picture",
        Png = "png" "PNG 图片" "PNG picture",
        Docx = "docx" "Word 文档" "Word document",
        Xlsx = "xlsx" "Excel 表格" "Excel workbook",
        Doc = "doc" "Word 97-2003 文档" "Word 97-2003 document",
        Xls = "xls" "Excel 97-2003 表格" "Excel 97-2003 workbook",
        Ofd = "ofd" "OFD 版式文件" "OFD document",
    }
}

/// One file. Its content is kept once, however many rows know it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    pub area_code: AreaCode,
    /// The asset that it is about, also where something of the asset is meant.
    pub asset_id: AssetId,
    pub subject: Subject,
    /// The id of the thing that it is attached to.
    pub subject_id: i64,
    pub kind: Kind,
    /// The name it was brought under, as far as that is a name.
    pub file_name: String,
    pub media: Media,
    /// Bytes of what is kept.
    pub size: i64,
    /// SHA-256 of what is kept, hexadecimal.
    pub digest: String,
    /// SHA-256 of what was brought; of a picture, which is written anew, another one.
    pub brought_digest: String,
    /// SHA-256 of the small picture that stands for it.
    pub preview_digest: Option<String>,
    /// What a picture looks like, in sixteen digits; empty where nothing tells it from others, and of
    /// what is no picture.
    pub likeness: Option<String>,
    /// When a photo from the field was taken, as the camera tells.
    pub taken_at: Option<DateTime<Utc>>,
    /// Where, as it tells.
    pub taken_longitude: Option<Coordinate>,
    /// Where, as it tells.
    pub taken_latitude: Option<Coordinate>,
    pub is_withdrawn: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What files hold.
pub mod content {
    use sea_orm::entity::prelude::*;

    /// The content of files, sealed; shown through a row that knows its digest alone.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachment_content")]
    pub struct Model {
        /// SHA-256 of the content, hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        /// Nonce and ciphertext (XChaCha20-Poly1305, key outside the database).
        pub sealed: Vec<u8>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
