//! Whose address an attempt to connect counts for: the peer's, or the one that trusted proxies say it came from.
//!
//! A header is worth what its writer is worth. So it is read from its end, where the nearest proxy wrote, and only
//! as far as trusted proxies reach: what a client put there itself is never come to.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The last hop that is not one of ours.
///
/// When both kinds of header are there and disagree, a proxy passed on what a client made up: then the proxy counts.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let walk = |name: &HeaderName, address: fn(&str) -> Option<IpAddr>| {
        headers.contains_key(name).then(|| last_untrusted(peer, headers, name, address, trusted))
    };
    let (usual, standard) = (walk(&X_FORWARDED_FOR, of_list), walk(&header::FORWARDED, of_forwarded));
    match (usual, standard) {
        (Some(usual), Some(standard)) if usual != standard => peer,
        (Some(client), _) | (None, Some(client)) => client,
        (None, None) => peer,
    }
}

fn last_untrusted(
    peer: IpAddr,
    headers: &HeaderMap,
    name: &HeaderName,
    address: fn(&str) -> Option<IpAddr>,
    trusted: &[IpNet],
) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let values: Vec<_> = headers.get_all(name).iter().collect();
    let hops = values.iter().rev().flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    let mut client = peer;
    for hop in hops {
        if !is_trusted(&client) {
            break;
        }
        // Garbage: nobody beyond the hop that wrote it is known.
        let Some(address) = address(hop.trim()) else { break };
        client = address;
    }
    client
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn of_list(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse().map(|address: SocketAddr| address.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// `for=192.0.2.1;proto=https`, `For="[2001:db8::1]:4711"`.
fn of_forwarded(hop: &str) -> Option<IpAddr> {
    let mut pairs = hop.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    of_list(node.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn seen(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap());
        client(peer.parse().unwrap(), &map, &trusted).to_string()
    }

    #[test]
    fn a_trusted_proxy_says_who_it_is() {
        for (headers, client) in [
            (&[][..], PROXY),
            (&[("x-forwarded-for", "192.0.2.1")], "192.0.2.1"),
            (&[("x-forwarded-for", "192.0.2.1:4711")], "192.0.2.1"),
            (&[("x-forwarded-for", "2001:db8::1")], "2001:db8::1"),
            (&[("x-forwarded-for", "[2001:db8::1]:4711")], "2001:db8::1"),
            (&[("x-forwarded-for", "::ffff:192.0.2.1")], "192.0.2.1"),
            (&[("forwarded", "for=192.0.2.1;proto=https;by=10.0.0.1")], "192.0.2.1"),
            (&[("forwarded", "proto=https; For=\"[2001:db8::1]:4711\"")], "2001:db8::1"),
            (&[("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")], "192.0.2.1"),
        ] {
            assert_eq!(seen(PROXY, headers), client, "{headers:?}");
        }
        assert_eq!(seen("::ffff:10.0.0.1", &[("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
    }

    #[test]
    fn hops_of_ours_are_passed_over() {
        assert_eq!(seen(PROXY, &[("x-forwarded-for", "192.0.2.1, 10.0.0.3,fd00::1")]), "192.0.2.1");
        let lines = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-for", "10.0.0.3")];
        assert_eq!(seen(PROXY, &lines), "192.0.2.1");
        assert_eq!(
            seen(PROXY, &[("x-forwarded-for", "10.0.0.4, 10.0.0.3")]),
            "10.0.0.4",
            "one of ours calls"
        );
    }

    #[test]
    fn what_a_client_made_up_does_not_count() {
        assert_eq!(seen("192.0.2.1", &[("x-forwarded-for", "198.51.100.7")]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", &[("forwarded", "for=10.0.0.3")]), "192.0.2.1");
        assert_eq!(seen(PROXY, &[("x-forwarded-for", "198.51.100.7, 192.0.2.1")]), "192.0.2.1");
        assert_eq!(seen(PROXY, &[("x-forwarded-for", "10.0.0.9, 192.0.2.1")]), "192.0.2.1");
        let made_up = [("forwarded", "for=198.51.100.7"), ("x-forwarded-for", "192.0.2.1")];
        assert_eq!(seen(PROXY, &made_up), PROXY, "which of the two the proxy wrote is not known");
    }

    #[test]
    fn garbage_ends_the_way_back() {
        for garbage in ["", "unknown", "_hidden", "192.0.2", "192.0.2.1 198.51.100.7", "\"", "[::1", "for="] {
            assert_eq!(seen(PROXY, &[("x-forwarded-for", garbage)]), PROXY, "{garbage}");
            assert_eq!(seen(PROXY, &[("forwarded", garbage)]), PROXY, "{garbage}");
            let list = format!("198.51.100.7, {garbage}, 10.0.0.3");
            assert_eq!(seen(PROXY, &[("x-forwarded-for", &list)]), "10.0.0.3", "{garbage}");
            let list = format!("{garbage}, 192.0.2.1");
            assert_eq!(seen(PROXY, &[("x-forwarded-for", &list)]), "192.0.2.1", "{garbage}");
        }
    }
}
