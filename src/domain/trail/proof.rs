//! Proofs that a leaf is in a tree, and that one tree continues another (RFC 9162 section 2.1).

use std::ops::Range;

use entity::language::Sentence;

use super::merkle::{Frontier, Hash, TreeHead, empty_root, node_hash};
use super::text;

/// Which subtrees' roots make up a proof, in the order of the proof.
///
/// A store that keeps the hashes of nodes can look the ranges up; one that keeps leaf hashes alone
/// pushes them once through a [`Gatherer`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    size: u64,
    ranges: Vec<Range<u64>>,
}

impl Shape {
    /// The subtrees beside the way from leaf `index` up to the root of a tree of `size` leaves.
    pub fn inclusion(index: u64, size: u64) -> Result<Shape, BadProof> {
        if index >= size {
            return Err(BadProof::Index { index, size });
        }
        let mut ranges = Vec::new();
        let mut way = 0..size;
        while way.end - way.start > 1 {
            let middle = middle(&way);
            if index < middle {
                ranges.push(middle..way.end);
                way.end = middle;
            } else {
                ranges.push(way.start..middle);
                way.start = middle;
            }
        }
        ranges.reverse();
        Ok(Shape { size, ranges })
    }

    /// The subtrees from which both the root over `old` leaves and that over `new` can be made.
    pub fn consistency(old: u64, new: u64) -> Result<Shape, BadProof> {
        if old > new {
            return Err(BadProof::Backwards { old, new });
        }
        let mut ranges = Vec::new();
        let mut way = 0..new;
        while old > 0 && way.end > old {
            let middle = middle(&way);
            if old <= middle {
                ranges.push(middle..way.end);
                way.end = middle;
            } else {
                ranges.push(way.start..middle);
                way.start = middle;
            }
        }
        // A way that never turned right ends at the whole old tree, whose root is known.
        if way.start > 0 {
            ranges.push(way);
        }
        ranges.reverse();
        Ok(Shape { size: new, ranges })
    }

    /// The leaves under each hash of the proof, in its order.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// Makes the proof from all leaf hashes of the tree, in order, in one pass.
    pub fn gather(self, leaves: impl IntoIterator<Item = Hash>) -> Result<Vec<Hash>, BadProof> {
        let mut gatherer = Gatherer::new(self);
        leaves.into_iter().for_each(|leaf| gatherer.push(leaf));
        gatherer.finish()
    }
}

/// Where RFC 9162 splits a tree of two leaves or more: the left part is the largest full one.
fn middle(leaves: &Range<u64>) -> u64 {
    leaves.start + (1 << (leaves.end - leaves.start - 1).ilog2())
}

/// Makes a proof from the leaf hashes pushed in order; it keeps some 2 x 64 hashes at most.
#[derive(Clone, Debug)]
pub struct Gatherer {
    size: u64,
    position: u64,
    /// The ranges not yet full with their places in the proof, the one that comes next at the end.
    awaited: Vec<(Range<u64>, usize)>,
    subtree: Frontier,
    gathered: Vec<(usize, Hash)>,
}

impl Gatherer {
    /// A gatherer that awaits the first leaf hash of the tree.
    pub fn new(shape: Shape) -> Gatherer {
        let mut awaited: Vec<_> =
            shape.ranges.into_iter().enumerate().map(|(place, range)| (range, place)).collect();
        awaited.sort_unstable_by_key(|(range, _)| std::cmp::Reverse(range.start));
        Gatherer {
            size: shape.size,
            position: 0,
            awaited,
            subtree: Frontier::new(),
            gathered: Vec::new(),
        }
    }

    /// Takes the next leaf hash of the tree.
    pub fn push(&mut self, leaf: Hash) {
        let position = self.position;
        self.position += 1;
        let Some((range, place)) = self.awaited.pop_if(|(range, _)| range.contains(&position))
        else {
            return;
        };
        self.subtree.append(leaf);
        if self.position == range.end {
            self.gathered.push((place, std::mem::take(&mut self.subtree).root()));
        } else {
            self.awaited.push((range, place));
        }
    }

    /// The hashes of the proof; refused unless exactly the leaves of the tree were pushed.
    pub fn finish(mut self) -> Result<Vec<Hash>, BadProof> {
        if self.position != self.size {
            return Err(BadProof::Leaves { expected: self.size, found: self.position });
        }
        self.gathered.sort_unstable_by_key(|(place, _)| *place);
        Ok(self.gathered.into_iter().map(|(_, hash)| hash).collect())
    }
}

/// A proof that the leaf at an index is in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The index of the leaf, counted from 0.
    pub index: u64,
    /// The siblings of the nodes on the way from the leaf to the root.
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// Makes the proof for leaf `index` from all `size` leaf hashes of a tree.
    pub fn of(
        index: u64,
        size: u64,
        leaves: impl IntoIterator<Item = Hash>,
    ) -> Result<InclusionProof, BadProof> {
        let hashes = Shape::inclusion(index, size)?.gather(leaves)?;
        Ok(InclusionProof { index, hashes })
    }

    /// Checks that `leaf` is in the tree (RFC 9162 section 2.1.3.2).
    ///
    /// Size and root must come from one place, such as a checkpoint: the root does not tell the
    /// size, and leaf 0 has the same way up in trees of 5 and of 6.
    pub fn verify(&self, leaf: &Hash, tree: &TreeHead) -> Result<(), BadProof> {
        let TreeHead { size, root } = *tree;
        if self.index >= size {
            return Err(BadProof::Index { index: self.index, size });
        }
        let mut climb = Climb { node: self.index, last: size - 1 };
        let mut hash = *leaf;
        for sibling in &self.hashes {
            hash = match climb.step().ok_or(BadProof::TooManyHashes)? {
                Side::Left => node_hash(sibling, &hash),
                Side::Right => node_hash(&hash, sibling),
            };
        }
        climb.finish()?;
        if hash == root { Ok(()) } else { Err(BadProof::Root) }
    }
}

/// A proof that a tree begins with all leaves of an older one, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The roots of the subtrees both trees are made of.
    pub hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// Makes the proof between the first `old` leaves and all `new` leaf hashes of a tree.
    pub fn of(
        old: u64,
        new: u64,
        leaves: impl IntoIterator<Item = Hash>,
    ) -> Result<ConsistencyProof, BadProof> {
        Ok(ConsistencyProof { hashes: Shape::consistency(old, new)?.gather(leaves)? })
    }

    /// Checks that `new` continues `old` (RFC 9162 section 2.1.4.2).
    ///
    /// Beyond the RFC, every tree continues the empty one and itself, by a proof without hashes.
    pub fn verify(&self, old: &TreeHead, new: &TreeHead) -> Result<(), BadProof> {
        if old.size > new.size {
            return Err(BadProof::Backwards { old: old.size, new: new.size });
        }
        if old.size == new.size && old.root != new.root {
            return Err(BadProof::Fork { size: old.size });
        }
        if old.size == 0 && old.root != empty_root() {
            return Err(BadProof::OldRoot);
        }
        if old.size == 0 || old.size == new.size {
            return if self.hashes.is_empty() { Ok(()) } else { Err(BadProof::TooManyHashes) };
        }
        self.climb(old, new)
    }

    /// Makes both roots anew, where 0 < old size < new size.
    fn climb(&self, old: &TreeHead, new: &TreeHead) -> Result<(), BadProof> {
        let known = old.size.is_power_of_two().then_some(&old.root);
        let mut hashes = known.into_iter().chain(&self.hashes);
        let start = *hashes.next().ok_or(BadProof::TooFewHashes)?;
        let (mut old_root, mut new_root) = (start, start);
        let full = (old.size - 1).trailing_ones();
        let mut climb = Climb { node: (old.size - 1) >> full, last: (new.size - 1) >> full };
        for sibling in hashes {
            match climb.step().ok_or(BadProof::TooManyHashes)? {
                Side::Left => {
                    old_root = node_hash(sibling, &old_root);
                    new_root = node_hash(sibling, &new_root);
                }
                Side::Right => new_root = node_hash(&new_root, sibling),
            }
        }
        climb.finish()?;
        if old_root != old.root {
            return Err(BadProof::OldRoot);
        }
        if new_root == new.root { Ok(()) } else { Err(BadProof::NewRoot) }
    }
}

/// The way from a node up to the root: its number on its level, and that of the level's last node.
struct Climb {
    node: u64,
    last: u64,
}

/// The side on which a node's sibling lies.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// Goes to the parent and tells where the sibling lay; nothing if this is the root.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // A node without a sibling is promoted until it is a right child.
            self.up(self.node.trailing_zeros());
            Side::Left
        } else {
            Side::Right
        };
        self.up(1);
        Some(side)
    }

    fn up(&mut self, levels: u32) {
        self.node >>= levels;
        self.last >>= levels;
    }

    fn finish(&self) -> Result<(), BadProof> {
        if self.last == 0 { Ok(()) } else { Err(BadProof::TooFewHashes) }
    }
}

/// Why there is no proof, or why one does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadProof {
    /// The index is not in the tree.
    Index {
        /// The index of the leaf.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The older tree is the larger one.
    Backwards {
        /// The size of the older tree.
        old: u64,
        /// The size of the newer tree.
        new: u64,
    },
    /// A proof was to be made from another number of leaf hashes than the tree has.
    Leaves {
        /// The size of the tree.
        expected: u64,
        /// The leaf hashes given.
        found: u64,
    },
    /// Hashes are missing for a tree of this size.
    TooFewHashes,
    /// There are hashes beyond the root of a tree of this size.
    TooManyHashes,
    /// The hashes lead to another root.
    Root,
    /// The hashes lead to another root of the older tree.
    OldRoot,
    /// The hashes lead to another root of the newer tree.
    NewRoot,
    /// Two roots for one size: evidence that the log showed two histories.
    Fork {
        /// The size of both trees.
        size: u64,
    },
}

impl BadProof {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        let (zh, en) = match self {
            BadProof::Index { index, size } => (
                format!("序号 {index} 不在共 {size} 条的留痕之内"),
                format!("index {index} is not in a trail of {size} entries"),
            ),
            BadProof::Backwards { old, new } => (
                format!("旧检查点有 {old} 条，多于新检查点的 {new} 条"),
                format!("the old checkpoint has {old} entries, more than the {new} of the new one"),
            ),
            BadProof::Leaves { expected, found } => (
                format!("留痕应有 {expected} 条，实有 {found} 条"),
                format!("the trail should have {expected} entries, found {found}"),
            ),
            BadProof::TooFewHashes => ("证明缺少摘要".into(), "the proof lacks hashes".into()),
            BadProof::TooManyHashes => {
                ("证明有多余的摘要".into(), "the proof has hashes to spare".into())
            }
            BadProof::Root => (
                "由证明算出的根摘要与检查点不符".into(),
                "the proof leads to another root than the checkpoint's".into(),
            ),
            BadProof::OldRoot => (
                "由证明算出的根摘要与旧检查点不符".into(),
                "the proof leads to another root than the old checkpoint's".into(),
            ),
            BadProof::NewRoot => (
                "由证明算出的根摘要与新检查点不符".into(),
                "the proof leads to another root than the new checkpoint's".into(),
            ),
            BadProof::Fork { size } => (
                format!("两个检查点同为 {size} 条而根摘要不同，留痕已分叉"),
                format!("two checkpoints of {size} entries have different roots: the trail forked"),
            ),
        };
        Sentence { zh, en }
    }
}

text::error_from_sentence!(BadProof);

#[cfg(test)]
mod tests {
    use super::super::merkle::leaf_hash;
    use super::*;

    fn leaves(count: u64) -> impl Iterator<Item = Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes()))
    }

    fn head(size: u64) -> TreeHead {
        leaves(size).collect::<Frontier>().head()
    }

    /// The examples of RFC 9162 section 2.1.5, a tree of seven leaves.
    #[test]
    fn shapes_are_those_of_the_rfc() {
        let inclusion = |index| Shape::inclusion(index, 7).unwrap().ranges;
        assert_eq!(inclusion(0), [1..2, 2..4, 4..7]);
        assert_eq!(inclusion(3), [2..3, 0..2, 4..7]);
        assert_eq!(inclusion(4), [5..6, 6..7, 0..4]);
        assert_eq!(inclusion(6), [4..6, 0..4]);
        let consistency = |old| Shape::consistency(old, 7).unwrap().ranges;
        assert_eq!(consistency(3), [2..3, 3..4, 0..2, 4..7]);
        assert_eq!(consistency(4), std::slice::from_ref(&(4..7)));
        assert_eq!(consistency(6), [4..6, 6..7, 0..4]);
        assert_eq!(consistency(0), []);
        assert_eq!(consistency(7), []);
    }

    #[test]
    fn there_is_no_proof_outside_the_tree() {
        assert_eq!(Shape::inclusion(0, 0), Err(BadProof::Index { index: 0, size: 0 }));
        assert_eq!(Shape::inclusion(7, 7), Err(BadProof::Index { index: 7, size: 7 }));
        assert_eq!(Shape::consistency(8, 7), Err(BadProof::Backwards { old: 8, new: 7 }));
        for found in [6, 8] {
            let proof = InclusionProof::of(0, 7, leaves(found));
            assert_eq!(proof, Err(BadProof::Leaves { expected: 7, found }));
        }
    }

    #[test]
    fn the_reason_of_a_refusal_is_told() {
        let leaf = leaf_hash(&3_u64.to_be_bytes());
        let proof = InclusionProof::of(3, 7, leaves(7)).unwrap();
        assert_eq!(proof.verify(&leaf, &head(7)), Ok(()));
        assert_eq!(proof.verify(&leaf, &head(3)), Err(BadProof::Index { index: 3, size: 3 }));
        assert_eq!(proof.verify(&leaf, &head(4)), Err(BadProof::TooManyHashes));
        assert_eq!(proof.verify(&leaf, &head(9)), Err(BadProof::TooFewHashes));
        assert_eq!(proof.verify(&leaf, &head(8)), Err(BadProof::Root));
    }

    #[test]
    fn two_roots_for_one_size_are_a_fork() {
        let other = TreeHead { root: leaf_hash(b"other"), size: 7 };
        let proof = ConsistencyProof { hashes: vec![] };
        assert_eq!(proof.verify(&head(7), &head(7)), Ok(()));
        assert_eq!(proof.verify(&head(7), &other), Err(BadProof::Fork { size: 7 }));
        assert_eq!(proof.verify(&head(0), &head(7)), Ok(()));
        let forged = TreeHead { size: 0, root: other.root };
        assert_eq!(proof.verify(&forged, &head(7)), Err(BadProof::OldRoot));
        assert_eq!(proof.verify(&head(4), &head(7)), Err(BadProof::TooFewHashes));
        assert_eq!(proof.verify(&head(3), &head(7)), Err(BadProof::TooFewHashes));
        let proof = ConsistencyProof { hashes: vec![other.root] };
        assert_eq!(proof.verify(&head(7), &head(7)), Err(BadProof::TooManyHashes));
        assert_eq!(proof.verify(&head(0), &head(7)), Err(BadProof::TooManyHashes));
    }
}
