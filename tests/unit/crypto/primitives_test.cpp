#include <catch2/catch.hpp>

#include "core/crypto/hash.h"
#include "core/crypto/sign.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel::core;
using satchel::tests::SeededRng;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

}  // namespace

TEST_CASE("BLAKE2b gives the values of RFC 7693 and of an independent implementation") {
  CHECK(
      to_hex(blake2b_512(as_bytes("abc"))) ==  // RFC 7693, appendix A
      "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4"
      "009923");
  CHECK(blake2b_512(as_bytes("a"), as_bytes("bc")) == blake2b_512(as_bytes("abc")));
  // Python's hashlib.blake2b(..., digest_size=32)
  CHECK(hash(as_bytes("abc")).hex() == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(hash("satchel abc", as_bytes("x")).hex() == "06fe4800623492577f1d8a312bcabd2cdce1297ce71ad07733983a88f0e9b53b");
  const Bytes key = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  CHECK(keyed_hash(key, "satchel abc", as_bytes("x")).hex() ==
        "52a60e55d37f37f539047a251593184c9499b541f17208aa7e2ac801a30cf314");
}

TEST_CASE("HMAC over BLAKE2b gives the values of an independent implementation") {
  // Python's hmac.new(key, message, hashlib.blake2b), with the keys and messages of RFC 4231, cases 2 and 6
  CHECK(
      to_hex(hmac_blake2b_512(as_bytes("Jefe"), as_bytes("what do ya want "), as_bytes("for nothing?"))) ==
      "6ff884f8ddc2a6586b3c98a4cd6ebdf14ec10204b6710073eb5865ade37a2643b8807c1335d107ecdb9ffeaeb6828c4625ba172c66379efcd222c2de11"
      "727ab4");
  const Bytes long_key(131, 0xaa);
  CHECK(
      to_hex(hmac_blake2b_512(long_key, as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
      "a54b2943b2a20227d41ca46c0945af09bc1faefb2f49894c23aebc557fb79c4889dca74408dc865086667aedee4a3185c53a49c80b814c4c5813ea0c8b"
      "38a8f8");
}

TEST_CASE("a hash taken in pieces is the hash of the whole") {
  SeededRng rng{7};
  Bytes data(1000);
  rng.fill(data);
  const ByteView all{data};
  Hasher pieces;
  for (std::size_t at = 0; at < data.size();) {
    const std::size_t n = std::min<std::size_t>(rng.below(300), data.size() - at);
    pieces.add(all.subspan(at, n));
    at += n;
  }
  CHECK(pieces.finish() == hash(data));
}

TEST_CASE("the border between context and bytes cannot be moved") {
  CHECK(hash("ab", as_bytes("c")) != hash("a", as_bytes("bc")));
  CHECK(hash("", as_bytes("abc")) != hash(as_bytes("abc")));
}

TEST_CASE("Ed25519 keys come out of seeds as RFC 8032 lists them") {
  const SignKeys one = sign_keys_from_seed(hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  CHECK(one.public_key.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const SignKeys three = sign_keys_from_seed(hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
  CHECK(three.public_key.hex() == "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  // An implementation after RFC 8032, section 5.1, checked on the RFC's own TEST 3 and then run on 0c ‖ "satchel test" ‖ af82
  CHECK(
      sign(three, "satchel test", hex("af82")).hex() ==
      "e728b48a0d56205313f533e0e687dfc669900bf1641a5acf9661dcc9ef08f6badd8a358294410aa9339a919e3af97dcd386ad9ea680bbc499e574d4ccc"
      "c6c601");
}

TEST_CASE("a signature holds for its key, its context and its bytes only") {
  SeededRng rng{11};
  const SignKeys keys = make_sign_keys(rng);
  const Signature good = sign(keys, "satchel test", as_bytes("statement"));
  REQUIRE(verify(keys.public_key, "satchel test", as_bytes("statement"), good));
  CHECK_FALSE(verify(keys.public_key, "satchel tes", as_bytes("statement"), good));
  CHECK_FALSE(verify(keys.public_key, "satchel tes", as_bytes("tstatement"), good));
  CHECK_FALSE(verify(keys.public_key, "satchel test", as_bytes("statemenT"), good));
  CHECK_FALSE(verify(make_sign_keys(rng).public_key, "satchel test", as_bytes("statement"), good));
  for (std::size_t bit = 0; bit < 8 * Signature::kSize; ++bit) {
    Signature bad = good;
    bad.value[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    CHECK_FALSE(verify(keys.public_key, "satchel test", as_bytes("statement"), bad));
  }
}

TEST_CASE("a signature with S raised by the group order is refused") {
  SeededRng rng{12};
  const SignKeys keys = make_sign_keys(rng);
  Signature bad = sign(keys, "satchel test", as_bytes("statement"));
  const Bytes order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");  // L, RFC 8032 section 5.1
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = unsigned{bad.value[32 + i]} + order[i] + carry;
    bad.value[32 + i] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  CHECK_FALSE(verify(keys.public_key, "satchel test", as_bytes("statement"), bad));
}

TEST_CASE("a public key of low order verifies nothing") {
  // With A of order 1 and S = 0, R = A, the bare equation holds for every message.
  SignPublic identity;
  identity.value[0] = 1;
  Signature forged;
  forged.value[0] = 1;
  CHECK_FALSE(verify(identity, "satchel test", as_bytes("anything"), forged));
}

TEST_CASE("secrets move, compare and leave nothing behind in the source") {
  SecretBytes a{as_bytes("sixteen bytes ok")};
  SecretBytes copy = a.clone();
  CHECK(constant_time_equal(a.view(), copy.view()));
  SecretBytes moved = std::move(a);
  CHECK(a.empty());  // NOLINT: looking at what was moved from is the point
  CHECK(moved.size() == 16);
  copy.span()[3] ^= 1;
  CHECK_FALSE(constant_time_equal(moved.view(), copy.view()));
  CHECK_FALSE(constant_time_equal(moved.view(), moved.view().first(15)));
}
