#include <catch2/catch.hpp>

#include "core/crypto/box.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel::core;
using satchel::tests::SeededRng;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Code code_of(const Result<Bytes>& result) { return result.error().code; }

}  // namespace

TEST_CASE("X25519 gives the values of RFC 7748, section 6.1") {
  const BoxKeys alice = box_keys_from_secret(hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
  const BoxKeys bob = box_keys_from_secret(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  CHECK(alice.public_key.hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  CHECK(bob.public_key.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const std::string shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  CHECK(to_hex(agree(alice, bob.public_key)->view()) == shared);
  CHECK(to_hex(agree(bob, alice.public_key)->view()) == shared);
}

TEST_CASE("points of low order are refused") {
  SeededRng rng{3};
  const BoxKeys ours = make_box_keys(rng);
  // Points of order 1, 2, 4 and 8 and their non-canonical forms (https://cr.yp.to/ecdh.html#validate)
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    const BoxPublic low = *BoxPublic::from(hex(point));
    CHECK_FALSE(usable_box_key(low));
    const auto agreed = agree(ours, low);
    REQUIRE_FALSE(agreed.has_value());
    CHECK(agreed.error().code == Code::kSealBroken);
  }
  CHECK(usable_box_key(ours.public_key));
}

TEST_CASE("ChaCha20-Poly1305 gives the values of RFC 8439, appendix A.5") {
  const Bytes key = hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
  const Bytes associated = hex("f33388860000000000004e91");
  const std::string_view plain =
      "Internet-Drafts are draft documents valid for a maximum of six months and may be updated, replaced, or obsoleted by other "
      "documents at any time. It is inappropriate to use Internet-Drafts as reference material or to cite them other than as "
      "/\xe2\x80\x9cwork in progress./\xe2\x80\x9d";
  const Bytes sealed = chacha_seal(key, 0x0807060504030201, associated, as_bytes(plain));
  REQUIRE(sealed.size() == plain.size() + kTagSize);
  CHECK(to_hex(ByteView{sealed}.first(16)) == "64a0861575861af460f062c79be643bd");
  CHECK(to_hex(ByteView{sealed}.last(kTagSize)) == "eead9d67890cbb22392336fea1851f38");
  CHECK(as_text(*chacha_open(key, 0x0807060504030201, associated, sealed)) == plain);
}

TEST_CASE("XChaCha20-Poly1305 gives the values of draft-irtf-cfrg-xchacha-03, appendix A.3.1") {
  const Bytes key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const Bytes associated = hex("50515253c0c1c2c3c4c5c6c7");
  Nonce24 nonce;
  for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<std::uint8_t>(0x40 + i);
  const std::string_view plain =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
  const Bytes sealed = xchacha_seal(key, nonce, associated, as_bytes(plain));
  CHECK(to_hex(ByteView{sealed}.first(16)) == "bd6d179d3e83d43b9576579493c0e939");
  CHECK(to_hex(ByteView{sealed}.last(kTagSize)) == "c0875924c1c7987947deafd8780acf49");
  CHECK(as_text(*xchacha_open(key, nonce, associated, sealed)) == plain);
}

TEST_CASE("every flipped byte, wrong key, counter or associated data breaks the seal") {
  SeededRng rng{4};
  Bytes key(32);
  rng.fill(key);
  const Bytes sealed = chacha_seal(key, 9, as_bytes("place"), as_bytes("content"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes bad = sealed;
    bad[i] ^= 0x20;
    CHECK(code_of(chacha_open(key, 9, as_bytes("place"), bad)) == Code::kSealBroken);
  }
  CHECK(code_of(chacha_open(key, 10, as_bytes("place"), sealed)) == Code::kSealBroken);
  CHECK(code_of(chacha_open(key, 9, as_bytes("plac"), sealed)) == Code::kSealBroken);
  CHECK(code_of(chacha_open(key, 9, as_bytes("place"), ByteView{sealed}.first(15))) == Code::kSealBroken);
  CHECK(code_of(chacha_open(key, 9, as_bytes("place"), {})) == Code::kSealBroken);
  key[0] ^= 1;
  CHECK(code_of(chacha_open(key, 9, as_bytes("place"), sealed)) == Code::kSealBroken);
}

TEST_CASE("a value sealed for one place does not open in another") {
  SeededRng rng{5};
  Bytes key(32);
  rng.fill(key);
  const Bytes sealed = seal_value(key, rng, as_bytes("t\x01"), as_bytes("state"));
  CHECK(as_text(*open_value(key, as_bytes("t\x01"), sealed)) == "state");
  CHECK(code_of(open_value(key, as_bytes("t\x02"), sealed)) == Code::kSealBroken);
  for (std::size_t n = 0; n < sealed.size(); ++n) {
    CHECK(code_of(open_value(key, as_bytes("t\x01"), ByteView{sealed}.first(n))) == Code::kSealBroken);
  }
  CHECK(seal_value(key, rng, as_bytes("t\x01"), as_bytes("state")) != sealed);
}

TEST_CASE("a sealed box opens for its recipient and its context only") {
  SeededRng rng{6};
  const BoxKeys ours = make_box_keys(rng);
  const BoxKeys other = make_box_keys(rng);
  const Bytes sealed = seal_to(ours.public_key, rng, "satchel card", as_bytes("for you"));
  CHECK(as_text(*open_from(ours, "satchel card", sealed)) == "for you");
  CHECK(code_of(open_from(other, "satchel card", sealed)) == Code::kSealBroken);
  CHECK(code_of(open_from(ours, "satchel code", sealed)) == Code::kSealBroken);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes bad = sealed;
    bad[i] ^= 0x80;  // in byte 31 this is the bit that X25519 itself ignores
    CHECK(code_of(open_from(ours, "satchel card", bad)) == Code::kSealBroken);
    CHECK(code_of(open_from(ours, "satchel card", ByteView{sealed}.first(i))) == Code::kSealBroken);
  }
}
