"""Which addresses files are fetched from: the public internet's alone, in whatever disguise."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.core.remote.addresses import is_public

INSIDE_4 = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
    *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
]
INSIDE_6 = [
    *("::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32"),
    *("2002::/16", "3fff::/20", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
]


def in_network(network: IPv4Network | IPv6Network) -> st.SearchStrategy[str]:
    low, high = int(network.network_address), int(network.broadcast_address)
    kind = IPv4Address if network.version == 4 else IPv6Address
    return st.integers(low, high).map(lambda number: str(kind(number)))


inside_4 = st.sampled_from(INSIDE_4).map(IPv4Network).flatmap(in_network)
inside_6 = st.sampled_from(INSIDE_6).map(IPv6Network).flatmap(in_network)
any_4 = st.integers(0, 2**32 - 1).map(IPv4Address)
any_6 = st.integers(0, 2**128 - 1).map(IPv6Address)


@given(inside_4)
def test_no_ipv4_address_inside_is_public(address: str) -> None:
    assert not is_public(address)


@given(inside_6)
def test_no_ipv6_address_inside_is_public(address: str) -> None:
    assert not is_public(address)


@given(any_4)
def test_no_ipv6_form_of_an_ipv4_address_is_public(address: IPv4Address) -> None:
    number = int(address)
    for form in (
        number,  # IPv4-compatible
        0xFFFF << 32 | number,  # IPv4-mapped
        0xFFFF << 48 | number,  # IPv4-translated
        0x64FF9B << 96 | number,  # NAT64
        0x2002 << 112 | number << 80 | 1,  # 6to4
        0x20010000 << 96 | number << 64 | number,  # Teredo
        0x20014860 << 96 | 0x5EFE << 32 | number,  # ISATAP below a public prefix
        0x20014860 << 96 | 0x02005EFE << 32 | number,
    ):
        assert not is_public(str(IPv6Address(form)))


@given(st.one_of(any_4, any_6))
def test_nothing_the_library_calls_private_is_public(address: IPv4Address | IPv6Address) -> None:
    private = address.is_private or address.is_loopback or address.is_link_local
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    assert not (is_public(str(address)) and (private or special))


@given(st.integers(0x20000000 + 0x400, 0x2001FFFF).filter(lambda top: top >> 16 == 0x2000))
def test_what_has_been_given_out_is_public(top: int) -> None:
    assert is_public(str(IPv6Address(top << 96 | 1)))


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost",
        "127.1",
        "0x7f.1",
        "2130706433",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "1.1.1",
    ],
)
def test_what_is_no_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    if is_public(text):
        assert ip_address(text).is_global
