//! The audit trail against vectors that a second implementation made from the standards' texts.

use serde_json::Value;
use taizhang::domain::trail::canonical::canonical;
use taizhang::domain::trail::checkpoint::{Note, open};
use taizhang::domain::trail::document::{ConsistencyDocument, InclusionDocument};
use taizhang::domain::trail::key::{Origin, Signer, Verifier};
use taizhang::domain::trail::merkle::{Frontier, Hash, TreeHead, leaf_hash, root_of};
use taizhang::domain::trail::proof::{ConsistencyProof, InclusionProof};

/// What `trail_vectors.py` wrote.
const VECTORS: &str = include_str!("../data/trail_vectors.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("the vectors are JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn hashes(value: &Value) -> Vec<Hash> {
    let hashes = value.as_array().expect("a list").iter();
    hashes.map(|hash| text(hash).parse().expect("a hash")).collect()
}

fn leaves(count: u64) -> impl Iterator<Item = Hash> {
    (0..count).map(|index| leaf_hash(format!("entry {index}").as_bytes()))
}

fn head(size: u64) -> TreeHead {
    leaves(size).collect::<Frontier>().head()
}

fn signer() -> Signer {
    let key = &vectors()["key"];
    let secret: Hash = text(&key["secret"]).parse().expect("32 bytes");
    let origin = Origin::county("ledger.example", "451425").expect("a county");
    Signer::new(origin, secret.as_bytes())
}

#[test]
fn roots_and_frontiers() {
    let vectors = vectors();
    let roots = vectors["roots"].as_object().unwrap();
    assert_eq!(roots.len(), 11);
    for (size, root) in roots {
        let leaves: Vec<_> = leaves(size.parse().unwrap()).collect();
        let frontier: Frontier = leaves.iter().copied().collect();
        assert_eq!(root_of(&leaves).to_string(), text(root), "size {size}");
        assert_eq!(frontier.root().to_string(), text(root), "size {size}");
        let encoded = frontier.encode();
        let (size_bytes, peaks) = encoded.split_at(8);
        assert_eq!(size_bytes, frontier.size().to_be_bytes());
        let peaks: Vec<_> = peaks.chunks(32).map(|peak| Hash::try_from(peak).unwrap()).collect();
        assert_eq!(peaks, hashes(&vectors["peaks"][size]), "size {size}");
    }
}

#[test]
fn inclusion_proofs() {
    for case in vectors()["inclusion"].as_array().unwrap() {
        let (index, size) = (number(&case["index"]), number(&case["size"]));
        let proof = InclusionProof::of(index, size, leaves(size)).unwrap();
        assert_eq!(proof.hashes, hashes(&case["hashes"]), "{index} of {size}");
        let leaf = leaves(index + 1).last().unwrap();
        assert_eq!(proof.verify(&leaf, &head(size)), Ok(()), "{index} of {size}");
    }
}

#[test]
fn consistency_proofs() {
    for case in vectors()["consistency"].as_array().unwrap() {
        let (old, new) = (number(&case["old"]), number(&case["new"]));
        let proof = ConsistencyProof::of(old, new, leaves(new)).unwrap();
        assert_eq!(proof.hashes, hashes(&case["hashes"]), "{old} to {new}");
        assert_eq!(proof.verify(&head(old), &head(new)), Ok(()), "{old} to {new}");
    }
}

#[test]
fn keys_and_signed_checkpoints() {
    let vectors = vectors();
    let key = &vectors["key"];
    let signer = signer();
    assert_eq!(signer.origin().as_str(), text(&key["origin"]));
    assert_eq!(Hash::from(*signer.verifier().public()).to_string(), text(&key["public"]));
    assert_eq!(signer.verifier().to_string(), text(&key["verifier"]));
    let verifier: Verifier = text(&key["verifier"]).parse().unwrap();
    for (size, note) in vectors["checkpoints"].as_object().unwrap() {
        let head = head(size.parse().unwrap());
        assert_eq!(signer.sign(&head).as_str(), text(note));
        assert_eq!(open(text(note), &verifier).unwrap().head(), head);
    }
}

#[test]
fn proof_documents() {
    let vectors = vectors();
    let signer = signer();
    let plain = text(&vectors["inclusion_document"]);
    let salted = text(&vectors["inclusion_document_with_extra"]);
    for (expected, index, size, extra) in
        [(plain, 3, 7, None), (salted, 255, 257, Some(b"salt".to_vec()))]
    {
        let proof = InclusionProof::of(index, size, leaves(size)).unwrap();
        let document = InclusionDocument { proof, extra, checkpoint: signer.sign(&head(size)) };
        assert_eq!(document.to_text(), expected);
        let leaf = leaves(index + 1).last().unwrap();
        let read = InclusionDocument::from_text(expected).unwrap();
        assert_eq!(read.verify(&leaf, signer.verifier()).unwrap().size, size);
    }
    let expected = text(&vectors["consistency_document"]);
    let proof = ConsistencyProof::of(3, 7, leaves(7)).unwrap();
    let [old, new]: [Note; 2] = [3, 7].map(|size| signer.sign(&head(size)));
    assert_eq!(ConsistencyDocument { proof, old, new }.to_text(), expected);
    let read = ConsistencyDocument::from_text(expected).unwrap();
    assert_eq!(read.verify(signer.verifier(), signer.verifier()).unwrap().size, 7);
}

#[test]
fn canonical_texts() {
    let vectors = vectors();
    let cases = vectors["canonical"].as_array().unwrap();
    assert!(cases.len() > 60);
    for case in cases {
        let value: Value = serde_json::from_str(text(&case["input"])).unwrap();
        assert_eq!(canonical(&value).unwrap(), text(&case["canonical"]));
    }
}

#[test]
fn values_without_a_canonical_text() {
    for case in vectors()["not_canonical"].as_array().unwrap() {
        let value: Value = serde_json::from_str(text(&case["input"])).unwrap();
        assert_eq!(canonical(&value).unwrap_err().path, text(&case["path"]));
    }
}
