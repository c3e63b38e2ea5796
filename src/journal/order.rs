//! The order of entries: every one after all it follows, and the same whatever the order of the lines.

use std::collections::{BTreeSet, HashMap};

use crate::ir::Digest;

/// An entry as far as its place is concerned.
pub(super) struct Node<'a, K> {
    /// Decides between entries of which neither follows the other: the smaller goes first.
    pub(super) name: K,
    pub(super) hash: Digest,
    pub(super) parents: &'a [Digest],
}

/// Why there is no order; the number is the position of the entry to blame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Disorder {
    /// It follows an entry that is not there.
    Missing(usize, Digest),
    /// It follows itself, by way of others.
    Cycle(usize),
}

/// The order, as positions in `nodes`, and the hashes that nothing follows, sorted. Hashes must differ.
pub(super) fn order<K: Ord + Copy>(
    nodes: &[Node<'_, K>],
) -> Result<(Vec<usize>, Vec<Digest>), Disorder> {
    let place: HashMap<Digest, usize> =
        nodes.iter().enumerate().map(|(i, n)| (n.hash, i)).collect();
    let mut followers: HashMap<Digest, Vec<usize>> = HashMap::new();
    let mut waiting: HashMap<usize, usize> = HashMap::new();
    let mut ready: BTreeSet<(K, usize)> = BTreeSet::new();
    for (i, node) in nodes.iter().enumerate() {
        for parent in node.parents {
            if !place.contains_key(parent) {
                return Err(Disorder::Missing(i, *parent));
            }
            followers.entry(*parent).or_default().push(i);
        }
        if node.parents.is_empty() {
            ready.insert((node.name, i));
        } else {
            waiting.insert(i, node.parents.len());
        }
    }
    let mut sorted = Vec::with_capacity(nodes.len());
    while let Some((_, i)) = ready.pop_first() {
        sorted.push(i);
        let Some(node) = nodes.get(i) else { continue };
        for follower in followers.get(&node.hash).into_iter().flatten() {
            let Some(left) = waiting.get_mut(follower) else {
                continue;
            };
            *left -= 1;
            if *left == 0 {
                waiting.remove(follower);
                if let Some(next) = nodes.get(*follower) {
                    ready.insert((next.name, *follower));
                }
            }
        }
    }
    if let Some(first) = waiting.keys().min() {
        return Err(Disorder::Cycle(*first));
    }
    let heads: BTreeSet<Digest> = nodes
        .iter()
        .map(|n| n.hash)
        .filter(|hash| !followers.contains_key(hash))
        .collect();
    Ok((sorted, heads.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(graph: &[(u8, &[u8])]) -> Result<(Vec<u8>, Vec<Digest>), Disorder> {
        let hash = |n: u8| Digest::of(&[n]);
        let parents: Vec<Vec<Digest>> = graph
            .iter()
            .map(|(_, parents)| parents.iter().map(|p| hash(*p)).collect())
            .collect();
        let nodes: Vec<Node<'_, u8>> = graph
            .iter()
            .zip(&parents)
            .map(|((n, _), parents)| Node {
                name: *n,
                hash: hash(*n),
                parents,
            })
            .collect();
        let (order, heads) = order(&nodes)?;
        Ok((order.into_iter().map(|i| graph[i].0).collect(), heads))
    }

    #[test]
    fn the_order_is_that_of_the_parents_then_of_the_names() {
        let expected = vec![5, 2, 4, 9, 1];
        let graph: [(u8, &[u8]); 5] = [(5, &[]), (9, &[5]), (2, &[5]), (4, &[2]), (1, &[9, 4])];
        // Every rotation of the lines.
        for n in 0..graph.len() {
            let mut lines = graph.to_vec();
            lines.rotate_left(n);
            let (order, heads) = sorted(&lines).expect("sound");
            assert_eq!(order, expected);
            assert_eq!(heads, [Digest::of(&[1])]);
        }
    }

    #[test]
    fn every_entry_nothing_follows_is_a_head() {
        let (_, heads) = sorted(&[(1, &[]), (2, &[1]), (3, &[1]), (4, &[])]).expect("sound");
        let mut expected = [2, 3, 4].map(|n| Digest::of(&[n]));
        expected.sort();
        assert_eq!(heads, expected);
        assert_eq!(sorted(&[]), Ok((Vec::new(), Vec::new())));
    }

    #[test]
    fn missing_parents_and_circles_are_blamed_on_an_entry() {
        assert_eq!(
            sorted(&[(1, &[]), (2, &[7])]),
            Err(Disorder::Missing(1, Digest::of(&[7])))
        );
        assert_eq!(
            sorted(&[(1, &[]), (2, &[1, 3]), (3, &[2])]),
            Err(Disorder::Cycle(1))
        );
        assert_eq!(sorted(&[(1, &[1])]), Err(Disorder::Cycle(0)));
    }
}
