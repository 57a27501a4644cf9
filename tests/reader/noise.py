"""Noise_IK and Noise_IKpsk2 over X25519, ChaCha20-Poly1305 and BLAKE2b (Noise revision 34), for one handshake and what follows."""

import hashlib
import hmac

from byte_reader import Refused
from primitives import agree, box_public, open_chacha, seal_chacha


def noise_hash(data):
    return hashlib.blake2b(data).digest()


def hkdf(chaining_key, material, n):
    """Section 4.3: HMAC with the hash of the protocol."""
    temp = hmac.new(chaining_key, material, hashlib.blake2b).digest()
    out, last = [], b""
    for i in range(n):
        last = hmac.new(temp, last + bytes([i + 1]), hashlib.blake2b).digest()
        out.append(last)
    return out


class Cipher:
    def __init__(self, key):
        self.key, self.counter = key[:32], 0

    def seal(self, ad, plain):
        self.counter += 1
        return seal_chacha(self.key, self.counter - 1, ad, plain)

    def open(self, ad, sealed):
        plain = open_chacha(self.key, self.counter, ad, sealed)
        if plain is None:
            raise Refused("E-HANDSHAKE", "does not open")
        self.counter += 1
        return plain


class Handshake:
    """One side's state. `ephemeral` is given, so that vectors can be drawn again."""

    def __init__(self, name, prologue, initiator, static, ephemeral, responder_public, psk=None):
        name = name.encode()
        self.h = self.ck = name + bytes(64 - len(name)) if len(name) <= 64 else noise_hash(name)
        self.cipher, self.psk, self.initiator = None, psk, initiator
        self.s, self.e, self.rs, self.re = static, ephemeral, responder_public if initiator else None, None
        self.mix_hash(prologue)
        self.mix_hash(responder_public)

    def mix_hash(self, data):
        self.h = noise_hash(self.h + data)

    def mix_key(self, material):
        self.ck, key = hkdf(self.ck, material, 2)
        self.cipher = Cipher(key)

    def mix_key_and_hash(self, material):
        self.ck, more, key = hkdf(self.ck, material, 3)
        self.mix_hash(more)
        self.cipher = Cipher(key)

    def mix_public(self, public):
        self.mix_hash(public)
        if self.psk is not None:
            self.mix_key(public)

    def encrypt(self, plain):
        sealed = self.cipher.seal(self.h, plain)
        self.mix_hash(sealed)
        return sealed

    def decrypt(self, sealed):
        plain = self.cipher.open(self.h, sealed)
        self.mix_hash(sealed)
        return plain

    def write_first(self, payload):
        """-> e, es, s, ss"""
        public = box_public(self.e)
        self.mix_public(public)
        self.mix_key(agree(self.e, self.rs))
        sealed_static = self.encrypt(box_public(self.s))
        self.mix_key(agree(self.s, self.rs))
        return public + sealed_static + self.encrypt(payload)

    def read_first(self, message):
        self.re = message[:32]
        self.mix_public(self.re)
        self.mix_key(agree(self.s, self.re))
        self.rs = self.decrypt(message[32:80])
        self.mix_key(agree(self.s, self.rs))
        return self.decrypt(message[80:])

    def write_second(self, payload):
        """<- e, ee, se [, psk]"""
        public = box_public(self.e)
        self.mix_public(public)
        self.mix_key(agree(self.e, self.re))
        self.mix_key(agree(self.e, self.rs))
        if self.psk is not None:
            self.mix_key_and_hash(self.psk)
        return public + self.encrypt(payload)

    def read_second(self, message):
        self.re = message[:32]
        self.mix_public(self.re)
        self.mix_key(agree(self.e, self.re))
        self.mix_key(agree(self.s, self.re))
        if self.psk is not None:
            self.mix_key_and_hash(self.psk)
        return self.decrypt(message[32:])

    def split(self):
        """(initiator to responder, responder to initiator)"""
        return tuple(Cipher(key) for key in hkdf(self.ck, b"", 2))
