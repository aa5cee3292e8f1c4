//! Every proof of the audit trail holds, and none that was altered does.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use taizhang::domain::trail::checkpoint::{Note, open};
use taizhang::domain::trail::document::{ConsistencyDocument, InclusionDocument};
use taizhang::domain::trail::key::{Origin, Signer};
use taizhang::domain::trail::merkle::{Frontier, Hash, TreeHead, leaf_hash, root_of};
use taizhang::domain::trail::proof::{ConsistencyProof, InclusionProof};

/// Up to this size every index and every pair of sizes is tried.
const ALL_UP_TO: usize = 70;

/// Up to this size they are tried at random.
const MOST: usize = 3000;

/// Leaf hashes, all different, and the heads over the first 0, 1, 2, … of them.
struct Log {
    leaves: Vec<Hash>,
    heads: Vec<TreeHead>,
}

static LOG: LazyLock<Log> = LazyLock::new(|| {
    let leaves: Vec<_> = (0..MOST).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    let mut frontier = Frontier::new();
    let mut heads = vec![frontier.head()];
    for leaf in &leaves {
        frontier.append(*leaf);
        heads.push(frontier.head());
    }
    Log { leaves, heads }
});

fn long(count: usize) -> u64 {
    count.try_into().expect("a count fits")
}

fn inclusion(index: usize, size: usize) -> InclusionProof {
    let leaves = LOG.leaves[..size].iter().copied();
    InclusionProof::of(long(index), long(size), leaves).expect("an index in the tree")
}

fn consistency(old: usize, new: usize) -> ConsistencyProof {
    let leaves = LOG.leaves[..new].iter().copied();
    ConsistencyProof::of(long(old), long(new), leaves).expect("an older and a newer size")
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    bytes.into()
}

/// The hashes with one dropped, doubled, flipped, added or swapped with its neighbour.
fn altered(hashes: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    let mut alter = |change: &dyn Fn(&mut Vec<Hash>)| {
        let mut altered = hashes.to_vec();
        change(&mut altered);
        all.push(altered);
    };
    for at in 0..hashes.len() {
        alter(&|hashes| _ = hashes.remove(at));
        alter(&|hashes| hashes.insert(at, hashes[at]));
        alter(&|hashes| hashes[at] = flipped(&hashes[at], 7 * at));
        if at > 0 {
            alter(&|hashes| hashes.swap(at - 1, at));
        }
    }
    alter(&|hashes| hashes.insert(0, leaf_hash(b"added")));
    alter(&|hashes| hashes.push(leaf_hash(b"added")));
    all
}

fn check_inclusion(proof: &InclusionProof, index: usize, size: usize) {
    let (leaf, head) = (LOG.leaves[index], LOG.heads[size]);
    assert_eq!(proof.verify(&leaf, &head), Ok(()), "{index} of {size}");
    assert!(proof.verify(&flipped(&leaf, index), &head).is_err(), "{index} of {size}");
    let root = flipped(&head.root, size);
    assert!(proof.verify(&leaf, &TreeHead { root, ..head }).is_err(), "{index} of {size}");
    for hashes in altered(&proof.hashes) {
        let altered = InclusionProof { hashes, ..*proof };
        assert!(altered.verify(&leaf, &head).is_err(), "{index} of {size}: {altered:?}");
    }
}

fn check_wrong_index(proof: &InclusionProof, index: usize, size: usize, wrong: usize) {
    let proof = InclusionProof { index: long(wrong), hashes: proof.hashes.clone() };
    let refused = proof.verify(&LOG.leaves[index], &LOG.heads[size]);
    assert!(refused.is_err(), "{index} of {size} as {wrong}");
}

fn check_wrong_size(proof: &InclusionProof, index: usize, size: usize, wrong: usize) {
    let refused = proof.verify(&LOG.leaves[index], &LOG.heads[wrong]);
    assert!(refused.is_err(), "{index} of {size} in {wrong}");
}

fn check_consistency(proof: &ConsistencyProof, old: usize, new: usize) {
    let [before, after] = [LOG.heads[old], LOG.heads[new]];
    assert_eq!(proof.verify(&before, &after), Ok(()), "{old} to {new}");
    for hashes in altered(&proof.hashes) {
        let altered = ConsistencyProof { hashes };
        assert!(altered.verify(&before, &after).is_err(), "{old} to {new}: {altered:?}");
    }
    let other = |head: TreeHead| TreeHead { root: flipped(&head.root, old), ..head };
    assert!(proof.verify(&other(before), &after).is_err(), "{old} to {new}");
    assert!(old == 0 || proof.verify(&before, &other(after)).is_err(), "{old} to {new}");
}

fn check_wrong_consistency(proof: &ConsistencyProof, old: usize, new: usize, wrong: usize) {
    // Every tree continues the empty one and itself, by a proof without hashes.
    let is_trivial = |old: usize, new: usize| old == 0 || old == new;
    if wrong != old && !(is_trivial(old, new) && is_trivial(wrong, new)) {
        let refused = proof.verify(&LOG.heads[wrong], &LOG.heads[new]);
        assert!(refused.is_err(), "{old} to {new} as {wrong} to {new}");
    }
    if wrong != new && !(is_trivial(old, new) && is_trivial(old, wrong)) {
        let refused = proof.verify(&LOG.heads[old], &LOG.heads[wrong]);
        assert!(refused.is_err(), "{old} to {new} as {old} to {wrong}");
    }
}

#[test]
fn every_small_inclusion_proof() {
    for size in 1..=ALL_UP_TO {
        for index in 0..size {
            let proof = inclusion(index, size);
            check_inclusion(&proof, index, size);
            let others = (0..=ALL_UP_TO).filter(|other| *other != size);
            others.for_each(|wrong| check_wrong_size(&proof, index, size, wrong));
            let others = (0..size + 2).filter(|other| *other != index);
            others.for_each(|wrong| check_wrong_index(&proof, index, size, wrong));
        }
    }
}

#[test]
fn every_small_consistency_proof() {
    for new in 0..=ALL_UP_TO {
        for old in 0..=new {
            let proof = consistency(old, new);
            check_consistency(&proof, old, new);
            (0..=ALL_UP_TO).for_each(|wrong| check_wrong_consistency(&proof, old, new, wrong));
        }
    }
}

/// Every byte of both files counts, so that each of them has one form only.
#[test]
fn every_byte_of_a_document_counts() {
    let signer = Signer::new(Origin::new("log").unwrap(), &[9; 32]);
    let [old, new] = [5, 11].map(|size| signer.sign(&LOG.heads[size]));
    let document =
        InclusionDocument { proof: inclusion(5, 11), extra: None, checkpoint: new.clone() };
    for text in altered_texts(&document.to_text()) {
        if let Ok(document) = InclusionDocument::from_text(&text) {
            let proven = document.verify(&LOG.leaves[5], signer.verifier());
            assert!(proven.is_err(), "{text}");
        }
    }
    let document = ConsistencyDocument { proof: consistency(5, 11), old, new };
    for text in altered_texts(&document.to_text()) {
        if let Ok(document) = ConsistencyDocument::from_text(&text) {
            let proven = document.verify(signer.verifier(), signer.verifier());
            assert!(proven.is_err(), "{text}");
        }
    }
}

/// The text with each of its bytes changed in one bit, or dropped, where that leaves it UTF-8.
fn altered_texts(text: &str) -> impl Iterator<Item = String> {
    let flipped = (0..text.len()).map(|at| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1 << (at % 7);
        bytes
    });
    let dropped = (0..text.len()).map(|at| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.remove(at);
        bytes
    });
    flipped.chain(dropped).filter_map(|bytes| String::from_utf8(bytes).ok())
}

#[test]
fn sizes_beside_powers_of_two() {
    let all: Vec<_> = (0_u64..=1 << 14).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    let frontier_of = |size: usize| all[..size].iter().copied().collect::<Frontier>();
    for power in 1..=14 {
        for size in [(1 << power) - 1, 1 << power, (1 << power) + 1] {
            assert_eq!(frontier_of(size).root(), root_of(&all[..size]), "size {size}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn larger_inclusion_proofs(size in 1..MOST, index: Index, wrong: Index, other: Index) {
        let index = index.index(size);
        let proof = inclusion(index, size);
        check_inclusion(&proof, index, size);
        let wrong = wrong.index(size + 2);
        if wrong != index {
            check_wrong_index(&proof, index, size, wrong);
        }
        let other = other.index(MOST);
        if other != size {
            check_wrong_size(&proof, index, size, other);
        }
    }

    #[test]
    fn larger_consistency_proofs(new in 0..MOST, old: Index, wrong: Index) {
        let old = old.index(new + 1);
        let proof = consistency(old, new);
        check_consistency(&proof, old, new);
        check_wrong_consistency(&proof, old, new, wrong.index(MOST));
    }

    #[test]
    fn a_frontier_gives_the_root_of_the_definition(size in 0..MOST, kept: Index) {
        let leaves = &LOG.leaves[..size];
        let (before, after) = leaves.split_at(kept.index(size + 1));
        let frontier: Frontier = before.iter().copied().collect();
        let mut frontier = Frontier::decode(&frontier.encode()).unwrap();
        frontier.extend(after.iter().copied());
        prop_assert_eq!(frontier.head(), TreeHead { size: long(size), root: root_of(leaves) });
    }

    #[test]
    fn any_text_is_read_without_a_panic(text: String, lines in "([—+=a-z0-9 ]{0,9}\n){0,12}") {
        for text in [&text, &lines] {
            let signer = Signer::new(Origin::new("log").unwrap(), &[9; 32]);
            prop_assert!(open(text, signer.verifier()).is_err());
            prop_assert!(Note::parse(text).is_err());
            prop_assert!(InclusionDocument::from_text(text).is_err());
            prop_assert!(ConsistencyDocument::from_text(text).is_err());
        }
    }

    #[test]
    fn any_bytes_are_a_frontier_in_one_way_or_none(bytes: Vec<u8>, size in 0_u64..9) {
        for bytes in [bytes.clone(), [size.to_be_bytes().as_slice(), &bytes].concat()] {
            if let Ok(frontier) = Frontier::decode(&bytes) {
                prop_assert_eq!(frontier.encode(), bytes);
            }
        }
    }
}
