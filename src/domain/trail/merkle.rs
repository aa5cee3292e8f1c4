//! The Merkle tree of RFC 9162: leaf and node hashes, and a frontier that grows leaf by leaf.

use std::fmt;
use std::str::FromStr;

use entity::language::Sentence;
use sha2::{Digest, Sha256};

use super::text;

/// The most leaves a log can have, 2^53 - 1: sizes travel as JSON numbers.
pub const SIZE_LIMIT: u64 = (1 << 53) - 1;

/// The bytes of one hash.
pub const HASH_LENGTH: usize = 32;

/// The hash of a leaf, of a node or of a whole tree: 32 bytes, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_LENGTH]);

impl Hash {
    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; HASH_LENGTH] {
        &self.0
    }
}

impl From<[u8; HASH_LENGTH]> for Hash {
    fn from(bytes: [u8; HASH_LENGTH]) -> Hash {
        Hash(bytes)
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = BadHash;

    fn try_from(bytes: &[u8]) -> Result<Hash, BadHash> {
        bytes.try_into().map(Hash).map_err(|_| BadHash::Length(bytes.len()))
    }
}

impl FromStr for Hash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Hash, BadHash> {
        text::from_hex(text).map(Hash).ok_or_else(|| BadHash::Text(text::shown(text)))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&text::to_hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// Something that is not a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadHash {
    /// A text that is not 64 hexadecimal digits, shortened.
    Text(String),
    /// So many bytes instead of 32.
    Length(usize),
}

impl BadHash {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        match self {
            BadHash::Text(found) => Sentence {
                zh: format!("摘要应为 64 位十六进制数字，实为“{found}”"),
                en: format!("a digest is 64 hexadecimal digits, found “{found}”"),
            },
            BadHash::Length(found) => Sentence {
                zh: format!("摘要应为 {HASH_LENGTH} 字节，实为 {found} 字节"),
                en: format!("a digest has {HASH_LENGTH} bytes, found {found}"),
            },
        }
    }
}

/// SHA-256 of a zero byte and the entry: the hash of a leaf (RFC 9162 section 2.1.1).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into())
}

/// SHA-256 of a one byte and two subtree hashes: the hash of a node (RFC 9162 section 2.1.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0x01; 1 + 2 * HASH_LENGTH];
    bytes[1..=HASH_LENGTH].copy_from_slice(&left.0);
    bytes[1 + HASH_LENGTH..].copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// The root over leaf hashes, straight from the definition in RFC 9162 section 2.1.1.
///
/// It needs all leaves at once; [`Frontier`] gives the same root leaf by leaf.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(1 << (leaves.len() - 1).ilog2());
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// A tree's size and root, which only mean something together.
///
/// A proof is about a tree of a certain size, and the root alone does not tell the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
}

/// All that must be remembered of a tree to append to it: its size and the roots of its full
/// subtrees, one for each binary one of the size, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the tree without leaves.
    pub const fn new() -> Frontier {
        Frontier { size: 0, peaks: Vec::new() }
    }

    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash; its index is the size before.
    pub fn append(&mut self, leaf: Hash) {
        let mut peak = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                peak = node_hash(&left, &peak);
            }
        }
        self.peaks.push(peak);
        self.size += 1;
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        let joined =
            self.peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        joined.unwrap_or_else(empty_root)
    }

    /// Size and root together.
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }

    /// The size as eight bytes, the highest first, then the peaks.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(size_of::<u64>() + HASH_LENGTH * self.peaks.len());
        bytes.extend(self.size.to_be_bytes());
        for peak in &self.peaks {
            bytes.extend(peak.as_bytes());
        }
        bytes
    }

    /// Reads what [`encode`](Self::encode) wrote; the number of peaks must be that of the size.
    pub fn decode(bytes: &[u8]) -> Result<Frontier, BadFrontier> {
        let (size, rest) = bytes
            .split_first_chunk()
            .ok_or(BadFrontier::Length { expected: 8, found: bytes.len() })?;
        let size = u64::from_be_bytes(*size);
        if size > SIZE_LIMIT {
            return Err(BadFrontier::Size(size));
        }
        let (peaks, odd) = rest.as_chunks::<HASH_LENGTH>();
        let count = size.count_ones() as usize;
        if peaks.len() != count || !odd.is_empty() {
            let expected = size_of::<u64>() + HASH_LENGTH * count;
            return Err(BadFrontier::Length { expected, found: bytes.len() });
        }
        Ok(Frontier { size, peaks: peaks.iter().copied().map(Hash).collect() })
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.append(leaf));
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Frontier {
        let mut frontier = Frontier::new();
        frontier.extend(leaves);
        frontier
    }
}

/// Bytes that are no frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFrontier {
    /// A number of bytes that is not that of the size they begin with.
    Length {
        /// The bytes there should be.
        expected: usize,
        /// The bytes there are.
        found: usize,
    },
    /// A size beyond [`SIZE_LIMIT`].
    Size(u64),
}

impl BadFrontier {
    /// What is wrong, in both languages.
    pub fn sentence(&self) -> Sentence {
        match self {
            BadFrontier::Length { expected, found } => Sentence {
                zh: format!("留痕树状态应为 {expected} 字节，实为 {found} 字节"),
                en: format!("the trail's tree state has {found} bytes, expected {expected}"),
            },
            BadFrontier::Size(found) => Sentence {
                zh: format!("留痕条数 {found} 超过上限 {SIZE_LIMIT}"),
                en: format!("a trail of {found} entries is beyond the limit of {SIZE_LIMIT}"),
            },
        }
    }
}

text::error_from_sentence!(BadHash, BadFrontier);

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    #[test]
    fn the_empty_tree_is_sha256_of_nothing() {
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(root_of(&[]).to_string(), expected);
        assert_eq!(Frontier::new().root().to_string(), expected);
    }

    /// The tree in the tests of RFC 6962's authors.
    #[test]
    fn the_known_tree_of_eight_has_its_root() {
        let entries: [&[u8]; 8] =
            [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"];
        let root = root_of(&entries.map(leaf_hash)).to_string();
        assert_eq!(root, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn a_leaf_is_not_a_node() {
        let [left, right] = [leaf_hash(b"left"), leaf_hash(b"right")];
        let joined = [left.as_bytes().as_slice(), right.as_bytes()].concat();
        assert_ne!(leaf_hash(&joined), node_hash(&left, &right));
        assert_ne!(node_hash(&left, &right), node_hash(&right, &left));
    }

    #[test]
    fn an_odd_node_is_promoted_and_not_doubled() {
        let three = leaves(3);
        let expected = node_hash(&node_hash(&three[0], &three[1]), &three[2]);
        assert_eq!(root_of(&three), expected);
        assert_ne!(root_of(&three), root_of(&[three[0], three[1], three[2], three[2]]));
    }

    #[test]
    fn the_frontier_agrees_with_the_definition_and_survives_storage() {
        let all = leaves(520);
        let mut frontier = Frontier::new();
        for (count, leaf) in all.iter().enumerate() {
            assert_eq!(frontier.root(), root_of(&all[..count]), "size {count}");
            frontier = Frontier::decode(&frontier.encode()).unwrap();
            frontier.append(*leaf);
        }
        assert_eq!(frontier, all.iter().copied().collect());
        assert_eq!(frontier.head(), TreeHead { size: 520, root: root_of(&all) });
    }

    #[test]
    fn a_frontier_with_a_wrong_number_of_peaks_is_refused() {
        let bytes = leaves(7).into_iter().collect::<Frontier>().encode();
        assert_eq!(bytes.len(), 8 + 3 * 32);
        for length in 0..bytes.len() {
            assert!(Frontier::decode(&bytes[..length]).is_err(), "{length}");
        }
        let longer = [bytes.as_slice(), &[0; 32]].concat();
        assert_eq!(
            Frontier::decode(&longer),
            Err(BadFrontier::Length { expected: 104, found: 136 })
        );
        assert_eq!(Frontier::decode(&u64::MAX.to_be_bytes()), Err(BadFrontier::Size(u64::MAX)));
    }

    #[test]
    fn a_hash_reads_back() {
        let hash = leaf_hash(b"entry");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(Hash::try_from(hash.as_bytes().as_slice()), Ok(hash));
        assert_eq!(format!("{hash:.16}").len(), 16);
        assert_eq!(Hash::try_from([0; 31].as_slice()), Err(BadHash::Length(31)));
        assert!("00".parse::<Hash>().is_err());
    }
}
