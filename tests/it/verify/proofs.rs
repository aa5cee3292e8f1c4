//! Proof files convince whoever holds the public key, and nobody else.

use taizhang::{
    app::proof::{self, NotChecked},
    domain::verification::Verdict,
    error::Error,
};

use super::kit::{Kit, county, on_each};

#[tokio::test]
async fn every_entry_is_proven_to_be_in_the_log() {
    on_each(async |kit: Kit| {
        let entries = kit.entries().await;
        let key = kit.ledger.verifier(county()).expect("a key").to_string();
        let size = u64::try_from(entries.len()).expect("a number");
        for (seq, entry) in (0..size).zip(&entries) {
            let file = proof::inclusion(&kit.ledger, county(), seq).await.expect("a proof");
            let checked = proof::check(&file, &key, Some(entry.body.as_bytes()));
            assert_eq!(checked.expect("it holds").size, size);
            let other = proof::check(&file, &key, Some(b"{}")).expect_err("another entry");
            assert_eq!(other.verdict(), Verdict::Mismatch);
            assert_eq!(proof::check(&file, &key, None), Err(NotChecked::EntryMissing));
        }
        let beyond = proof::inclusion(&kit.ledger, county(), size).await;
        assert!(matches!(beyond, Err(Error::NotFound(_))));
    })
    .await;
}

#[tokio::test]
async fn the_log_is_proven_to_have_only_grown() {
    on_each(async |kit: Kit| {
        let old = u64::try_from(kit.entries().await.len()).expect("a number");
        for _ in 0..3 {
            kit.amend().await;
        }
        kit.ledger.sign_checkpoints().await.expect("signed");
        let file = proof::consistency(&kit.ledger, county(), old).await.expect("a proof");
        // the key of the whole ledger serves for each of its logs
        let key = kit.ledger.verifier(county()).expect("a key");
        let whole = taizhang::domain::trail::key::Origin::new(kit.ledger.name()).expect("a name");
        let whole = taizhang::domain::trail::key::Verifier::new(whole, key.public());
        for key in [key.to_string(), whole.expect("a key").to_string()] {
            assert_eq!(proof::check(&file, &key, None).expect("it holds").size, old + 3);
        }
        let line = file.lines().nth(1).expect("a hash");
        let broken = file.replacen(line, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1);
        let refused = proof::check(&broken, &key.to_string(), None).expect_err("another hash");
        assert_eq!(refused.verdict(), Verdict::Mismatch);
        let altered = file.replacen(&format!("\n{old}\n"), &format!("\n{}\n", old - 1), 1);
        let refused = proof::check(&altered, &key.to_string(), None).expect_err("another size");
        assert_eq!(refused.verdict(), Verdict::BadSignature);
        let nothing = proof::check("", &key.to_string(), None).expect_err("no proof");
        assert_eq!(nothing.verdict(), Verdict::Incomplete);
        assert!(proof::consistency(&kit.ledger, county(), 1).await.is_err(), "never signed");
    })
    .await;
}

#[tokio::test]
async fn an_altered_log_proves_nothing() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let mut entry = kit.entries().await[2].clone();
        entry.leaf[0] ^= 1;
        kit.put(&entry).await;
        let refused = proof::inclusion(&kit.ledger, county(), 4).await.expect_err("no proof");
        assert!(matches!(refused, Error::Internal(_)));
    })
    .await;
}
