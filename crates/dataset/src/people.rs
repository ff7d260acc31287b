//! Who has the orders: four sellers with more than 5,000 each, the others by a skewed pick, most of them with few.

use rand::{Rng as _, rngs::StdRng};

/// Sellers with very many orders: `seller-big-1` ….
pub const BIG: u32 = 4;
/// What each of them has, where there are enough orders.
const BIG_ORDERS: f64 = 5_200.0;
/// They never have more than this share of all.
const BIG_SHARE: f64 = 0.2;

/// Everybody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct People {
    buyers: u32,
    sellers: u32,
    /// How often an order is one of the big sellers'.
    big: f64,
}

impl People {
    /// As many as so many orders have.
    pub fn of(orders: u32) -> Self {
        let big = (f64::from(BIG) * BIG_ORDERS / f64::from(orders)).min(BIG_SHARE);
        Self { buyers: (orders / 3).max(10), sellers: (orders / 20).max(5), big }
    }

    /// Every user's id.
    pub fn ids(self) -> impl Iterator<Item = String> {
        let big = (1..=BIG).map(|n| format!("seller-big-{n}"));
        let sellers = (0..self.sellers).map(|n| format!("seller-{n}"));
        big.chain(sellers).chain((0..self.buyers).map(|n| format!("buyer-{n}")))
    }

    /// The buyer of an order.
    pub fn buyer(self, chance: &mut StdRng) -> String {
        format!("buyer-{}", skewed(self.buyers, chance))
    }

    /// The seller of an order.
    pub fn seller(self, chance: &mut StdRng) -> String {
        if chance.random_bool(self.big) {
            format!("seller-big-{}", chance.random_range(1..=BIG))
        } else {
            format!("seller-{}", skewed(self.sellers, chance))
        }
    }
}

/// The first are picked most: of 50,000 the first gets one in 220, half of them get seven in ten.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to below `count`")]
fn skewed(count: u32, chance: &mut StdRng) -> u32 {
    let even: f64 = chance.random();
    (f64::from(count) * even * even) as u32
}
