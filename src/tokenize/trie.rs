//! The pieces of a vocabulary by their characters.

/// A trie over characters. Its edges stand in one hash table, so that building
/// it takes a few writes a piece and no sorting.
pub(super) struct Trie {
    /// Edges `parent << 42 | character << 21 | child` by open addressing; 0 is
    /// a free slot, as no edge leads to the root. A power of two in length, at
    /// most half of it taken.
    edges: Vec<u64>,
    /// The piece that ends at each node.
    pieces: Vec<Option<Piece>>,
}

/// The number of a piece, from 1 on, so that none takes no room.
type Piece = std::num::NonZeroU32;

/// A place in a [`Trie`]: the characters read so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node(u32);

/// Bits of a node, and of a character.
const BITS: u32 = 21;

/// Bits of a character by which its slot differs from its neighbours'.
const NEIGHBOURS: u32 = 4;

impl Trie {
    pub(super) const ROOT: Node = Node(0);

    /// An empty trie with room for about `pieces` pieces.
    pub(super) fn with_capacity(pieces: usize) -> Self {
        // In the vocabularies at hand there are 1.7 nodes a piece.
        let slots = (4 * pieces).next_power_of_two().max(16);
        Self {
            edges: vec![0; slots],
            pieces: vec![None],
        }
    }

    /// Adds `piece` as number `id`, or renumbers it; false if there is no room
    /// for another node.
    pub(super) fn insert(&mut self, piece: &str, id: u32) -> bool {
        let mut node = Self::ROOT;
        for c in piece.chars() {
            let (slot, child) = self.find(node, c);
            node = match child {
                Some(child) => child,
                None if self.pieces.len() >= 1 << BITS => return false,
                None => self.add(node, c, slot),
            };
        }
        self.pieces[node.0 as usize] = Piece::new(id + 1);
        true
    }

    fn add(&mut self, parent: Node, c: char, slot: usize) -> Node {
        let child = self.pieces.len() as u32;
        self.edges[slot] = key(parent, c) << BITS | u64::from(child);
        self.pieces.push(None);
        if 2 * self.pieces.len() > self.edges.len() {
            let edges = vec![0; 2 * self.edges.len()];
            for edge in std::mem::replace(&mut self.edges, edges) {
                if edge != 0 {
                    let slot = self.slots(edge >> BITS).find(|&slot| self.edges[slot] == 0);
                    self.edges[slot.expect("half of the table is free")] = edge;
                }
            }
        }
        Node(child)
    }

    /// Where `c` leads to from `node`.
    #[inline]
    pub(super) fn child(&self, node: Node, c: char) -> Option<Node> {
        self.find(node, c).1
    }

    /// The slot of the edge, or the free one for it, and where the edge leads to.
    #[inline]
    fn find(&self, node: Node, c: char) -> (usize, Option<Node>) {
        let key = key(node, c);
        for slot in self.slots(key) {
            let edge = self.edges[slot];
            if edge == 0 {
                return (slot, None);
            }
            if edge >> BITS == key {
                return (slot, Some(Node((edge & ((1 << BITS) - 1)) as u32)));
            }
        }
        unreachable!("half of the table is free")
    }

    /// The slots in which an edge with `key` may stand, in order.
    #[inline]
    fn slots(&self, key: u64) -> impl Iterator<Item = usize> + use<> {
        let mask = self.edges.len() - 1;
        // Fibonacci hashing: the high bits of a product with 2⁶⁴ / φ. Without the
        // lowest bits of the character, so that neighbours in an alphabet that
        // follow the same text stand together.
        let hash = (key >> NEIGHBOURS).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let first = hash as usize + (key & ((1 << NEIGHBOURS) - 1)) as usize;
        (first..).map(move |slot| slot & mask)
    }

    /// The piece that ends at `node`.
    #[inline]
    pub(super) fn piece(&self, node: Node) -> Option<u32> {
        self.pieces[node.0 as usize].map(|piece| piece.get() - 1)
    }

    /// The piece that `characters` are.
    pub(super) fn get(&self, characters: impl IntoIterator<Item = char>) -> Option<u32> {
        let mut characters = characters.into_iter();
        let node = characters.try_fold(Self::ROOT, |node, c| self.child(node, c))?;
        self.piece(node)
    }
}

#[inline]
fn key(node: Node, c: char) -> u64 {
    u64::from(node.0) << BITS | u64::from(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_found_and_nothing_else() {
        let pieces: Vec<String> = (0..5000_u32)
            .map(|i| format!("{i:b}·{}", char::from_u32(i).unwrap_or('哈')))
            .collect();
        // Far too little room at first.
        let mut trie = Trie::with_capacity(1);
        for (id, piece) in (0..).zip(&pieces) {
            assert!(trie.insert(piece, id));
        }
        for (id, piece) in (0..).zip(&pieces) {
            assert_eq!(trie.get(piece.chars()), Some(id), "{piece}");
            assert_eq!(trie.get(piece.chars().chain(['x'])), None);
            let mut shorter = piece.chars();
            shorter.next_back();
            assert_eq!(trie.get(shorter), None);
        }
        assert_eq!(trie.get([]), None);
    }

    #[test]
    fn the_last_of_equal_pieces_counts() {
        let mut trie = Trie::with_capacity(0);
        assert!(trie.insert("\0", 0) && trie.insert("a", 1) && trie.insert("a", 2));
        assert_eq!(trie.get(['a']), Some(2));
        assert_eq!(trie.get(['\0']), Some(0));
        assert_eq!(trie.get(['b']), None);
    }
}
