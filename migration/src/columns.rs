//! The shapes all tables share: ids, areas, coded values, money, stamps.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// A table under construction, for one database.
pub(crate) struct Shape {
    table: TableCreateStatement,
    is_sqlite: bool,
}

impl Shape {
    /// A table without columns.
    pub(crate) fn new(manager: &SchemaManager<'_>, name: &'static str) -> Shape {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut table = Table::create();
        table.table(name);
        Shape { table, is_sqlite }
    }

    /// A noun that passes the doors: id, area, version and stamps.
    pub(crate) fn subject(manager: &SchemaManager<'_>, name: &'static str) -> Shape {
        let mut shape = Shape::new(manager, name);
        shape.table.col(ColumnDef::new("id").big_integer().not_null().primary_key());
        shape.required(&["area_code"], |column| column.string_len(12));
        shape.required(&["version"], |column| column.big_integer());
        shape.required(&["created_at", "updated_at"], |column| column.timestamp_with_time_zone());
        shape
    }

    /// Columns that always hold a value.
    pub(crate) fn required(
        &mut self,
        names: &[&'static str],
        kind: impl Fn(&mut ColumnDef) -> &mut ColumnDef,
    ) -> &mut Shape {
        for name in names {
            let mut column = ColumnDef::new(*name);
            kind(&mut column).not_null();
            self.table.col(column);
        }
        self
    }

    /// Columns that may be empty.
    pub(crate) fn optional(
        &mut self,
        names: &[&'static str],
        kind: impl Fn(&mut ColumnDef) -> &mut ColumnDef,
    ) -> &mut Shape {
        for name in names {
            let mut column = ColumnDef::new(*name);
            kind(&mut column).null();
            self.table.col(column);
        }
        self
    }

    /// Amounts in whole fen that may be empty. SQLite would store a fraction in an integer
    /// column without a word, so the check says it (reliability.md F1).
    pub(crate) fn money(&mut self, names: &[&'static str]) -> &mut Shape {
        for name in names {
            let mut column = ColumnDef::new(*name);
            column.big_integer().null();
            if self.is_sqlite {
                column.check(Expr::cust(format!("typeof({name}) IN ('integer', 'null')")));
            }
            self.table.col(column);
        }
        self
    }

    /// The same that are always there.
    pub(crate) fn money_required(&mut self, names: &[&'static str]) -> &mut Shape {
        for name in names {
            let mut column = ColumnDef::new(*name);
            column.big_integer().not_null();
            if self.is_sqlite {
                column.check(Expr::cust(format!("typeof({name}) = 'integer'")));
            }
            self.table.col(column);
        }
        self
    }

    /// What holds of every row, by the same words on both databases.
    pub(crate) fn check(&mut self, condition: &'static str) -> &mut Shape {
        self.table.check(Expr::cust(condition));
        self
    }

    /// Coded values that may be empty.
    pub(crate) fn coded(&mut self, names: &[&'static str]) -> &mut Shape {
        self.optional(names, |column| column.string_len(32))
    }

    /// Coded values that are always there.
    pub(crate) fn coded_required(&mut self, names: &[&'static str]) -> &mut Shape {
        self.required(names, |column| column.string_len(32))
    }

    /// Days that may be empty.
    pub(crate) fn days(&mut self, names: &[&'static str]) -> &mut Shape {
        self.optional(names, |column| column.date())
    }

    /// Whole numbers that may be empty.
    pub(crate) fn numbers(&mut self, names: &[&'static str]) -> &mut Shape {
        self.optional(names, |column| column.integer())
    }

    /// Texts that may be empty.
    pub(crate) fn texts(&mut self, names: &[&'static str]) -> &mut Shape {
        self.optional(names, |column| column.text())
    }

    /// References to other tables' ids that may be empty: column and table.
    pub(crate) fn references(&mut self, pairs: &[(&'static str, &'static str)]) -> &mut Shape {
        for (column, table) in pairs {
            self.table.col(ColumnDef::new(*column).big_integer().null());
            self.reference(column, table);
        }
        self
    }

    /// References that are always there.
    pub(crate) fn references_required(
        &mut self,
        pairs: &[(&'static str, &'static str)],
    ) -> &mut Shape {
        for (column, table) in pairs {
            self.table.col(ColumnDef::new(*column).big_integer().not_null());
            self.reference(column, table);
        }
        self
    }

    /// A column that names a row of another table by a key of its own.
    pub(crate) fn known_by(
        &mut self,
        column: &'static str,
        (table, key): (&'static str, &'static str),
    ) -> &mut Shape {
        self.table.foreign_key(ForeignKey::create().from_col(column).to(table, key));
        self
    }

    fn reference(&mut self, column: &'static str, table: &'static str) {
        self.table.foreign_key(ForeignKey::create().from_col(column).to(table, "id"));
    }

    /// A primary key of several columns. On SQLite the table is that key's index and nothing else.
    pub(crate) fn key(&mut self, columns: &[&'static str]) -> &mut Shape {
        let mut key = Index::create();
        for column in columns {
            key.col(*column);
        }
        self.table.primary_key(&mut key);
        if self.is_sqlite {
            self.table.extra("WITHOUT ROWID");
        }
        self
    }

    /// Creates the table.
    pub(crate) async fn create(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.table.clone()).await
    }
}

/// Creates an index, on both databases by the same words. `rest` may hold a WHERE.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    name: &str,
    unique: bool,
    on: &str,
    rest: &str,
) -> Result<(), DbErr> {
    let unique = if unique { "UNIQUE " } else { "" };
    let statement = format!("CREATE {unique}INDEX {name} ON {on} {rest}");
    manager.get_connection().execute_unprepared(&statement).await.map(drop)
}

/// Tells the database itself that rows of a table are never changed nor deleted.
pub(crate) async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Sqlite {
        for verb in ["UPDATE", "DELETE"] {
            let statement = format!(
                "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            );
            connection.execute_unprepared(&statement).await?;
        }
        return Ok(());
    }
    let statement = format!(
        "CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$; \
         CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
         FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    );
    connection.execute_unprepared(&statement).await.map(drop)
}

/// Where PostgreSQL hands out a table's ids; SQLite has one writer and counts.
pub(crate) async fn ids(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    for table in tables {
        let statement = format!("CREATE SEQUENCE {table}_id_next AS bigint");
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}
