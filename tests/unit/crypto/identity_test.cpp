#include "core/crypto/identity.h"

#include <catch2/catch.hpp>

#include "core/crypto/hash.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel::core;
using satchel::tests::SeededRng;

namespace {

bool same(const Identity& a, const Identity& b) {
  return a.sign.public_key == b.sign.public_key && a.box.public_key == b.box.public_key &&
         constant_time_equal(a.sign.secret.view(), b.sign.secret.view()) &&
         constant_time_equal(a.box.secret.view(), b.box.secret.view()) &&
         constant_time_equal(a.store_key.view(), b.store_key.view());
}

/// The file with its closing hash made right again after a change: what somebody hostile would do.
Bytes rehashed(Bytes file) {
  file.resize(file.size() - Hash::kSize);
  append(file, hash("satchel key file", file).view());
  return file;
}

Code refusal(ByteView file, std::string_view passphrase) {
  const auto read = read_key_file(file, passphrase);
  REQUIRE_FALSE(read.has_value());
  return read.error().code;
}

constexpr std::size_t kMemoryAt = 13;  // "satchel-key" ‖ version ‖ lock

}  // namespace

TEST_CASE("a key file without a passphrase gives the identity back") {
  SeededRng rng{21};
  const Identity identity = make_identity(rng);
  const Bytes file = write_key_file(identity, "", rng);
  CHECK(same(*read_key_file(file, ""), identity));
  CHECK(same(*read_key_file(file, "not needed"), identity));
}

TEST_CASE("a key file with a passphrase opens with it alone") {
  SeededRng rng{22};
  const Identity identity = make_identity(rng);
  const Bytes file = write_key_file(identity, "正确的口令", rng);
  CHECK(same(*read_key_file(file, "正确的口令"), identity));
  CHECK(refusal(file, "wrong") == Code::kPassphraseWrong);
  CHECK(refusal(file, "") == Code::kPassphraseWrong);
}

TEST_CASE("every single changed byte and every truncation of a key file is refused") {
  SeededRng rng{23};
  const Identity identity = make_identity(rng);
  for (const char* passphrase : {"", "pass"}) {
    const Bytes file = write_key_file(identity, passphrase, rng);
    for (std::size_t i = 0; i < file.size(); ++i) {
      Bytes bad = file;
      bad[i] ^= 0x01;
      const Code code = refusal(bad, passphrase);
      CHECK((code == Code::kKeyFileBad || (i == 11 && code == Code::kVersionUnknown)));
      CHECK(refusal(ByteView{file}.first(i), passphrase) == Code::kKeyFileBad);
    }
    Bytes extended = file;
    extended.push_back(0);
    CHECK(refusal(extended, passphrase) == Code::kKeyFileBad);
  }
}

TEST_CASE("a changed key file does not open even when its hash was made right again") {
  SeededRng rng{24};
  const Bytes file = write_key_file(make_identity(rng), "", rng);
  for (std::size_t i = 0; i < file.size() - Hash::kSize; ++i) {
    Bytes bad = file;
    bad[i] ^= 0x40;
    CHECK_FALSE(read_key_file(rehashed(bad), "").has_value());
  }
}

TEST_CASE("a hostile key file cannot ask for unbounded memory or passes") {
  SeededRng rng{25};
  const Bytes file = write_key_file(make_identity(rng), "pass", rng);
  Bytes memory = file;
  memory[kMemoryAt + 3] = 0xFF;  // 4 TiB
  CHECK(refusal(rehashed(memory), "pass") == Code::kKeyFileBad);
  Bytes passes = file;
  passes[kMemoryAt + 4 + 3] = 0x7F;
  CHECK(refusal(rehashed(passes), "pass") == Code::kKeyFileBad);
}

TEST_CASE("a cloned identity is the same one") {
  SeededRng rng{26};
  const Identity identity = make_identity(rng);
  CHECK(same(identity.clone(), identity));
}
