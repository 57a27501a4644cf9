"""The primitives of SPEC.md ("Primitives"), from the standard library and libsodium's binding."""

import hashlib

import nacl.bindings as sodium
import nacl.exceptions
import nacl.pwhash

from byte_reader import Refused, sized

ZERO32 = bytes(32)


def blake2b(data, key=b"", size=32):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def h(context, data, key=b""):
    """H(context, x) and, with a key, H(key, context, x)."""
    name = context.encode()
    return blake2b(bytes([len(name)]) + name + data, key)


def signed_bytes(context, data):
    name = context.encode()
    return bytes([len(name)]) + name + data


def sign(seed, context, data):
    public, secret = sodium.crypto_sign_seed_keypair(seed)
    return sodium.crypto_sign(signed_bytes(context, data), secret)[:64]


def sign_public(seed):
    return sodium.crypto_sign_seed_keypair(seed)[0]


def check_signature(key, context, data, signature, code="E-SIGNATURE"):
    try:
        sodium.crypto_sign_open(signature + signed_bytes(context, data), key)
    except (nacl.exceptions.CryptoError, ValueError):
        raise Refused(code, "the signature does not fit") from None


def box_public(secret):
    return sodium.crypto_scalarmult_base(secret)


def agree(secret, public, code="E-MALFORMED"):
    """X25519; an all-zero result is refused (libsodium does that)."""
    try:
        return sodium.crypto_scalarmult(secret, public)
    except (nacl.exceptions.CryptoError, RuntimeError):
        raise Refused(code, "a key of low order") from None


def take_box_key(r):
    """An X25519 key from outside; one of low order is refused."""
    key = r.take(32)
    agree(b"\x01" * 32, key, r.code)
    return key


def open_chacha(key, counter, ad, sealed):
    """ChaCha20-Poly1305 (RFC 8439) under 4 zero bytes and a little-endian counter; None when it does not open."""
    nonce = bytes(4) + counter.to_bytes(8, "little")
    try:
        return sodium.crypto_aead_chacha20poly1305_ietf_decrypt(sealed, ad, nonce, key)
    except (nacl.exceptions.CryptoError, ValueError):
        return None


def seal_chacha(key, counter, ad, plain):
    return sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plain, ad, bytes(4) + counter.to_bytes(8, "little"), key)


def open_xchacha(key, nonce, ad, sealed):
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, ad, nonce, key)
    except (nacl.exceptions.CryptoError, ValueError):
        return None


def open_box(secret, context, sealed):
    """box(B, context, x); None when it is not for `secret`."""
    if len(sealed) < 48:
        return None
    public, name = box_public(secret), context.encode()
    ephemeral = sealed[:32]
    w = h("satchel sealed box", ephemeral + public + sized(name), agree(secret, ephemeral))
    return open_xchacha(w, bytes(24), name, sealed[32:])


def argon2id(passphrase, salt, memory_kib, passes):
    return nacl.pwhash.argon2id.kdf(32, passphrase, salt, opslimit=passes, memlimit=memory_kib * 1024)
