#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/crypto/box.h"
#include "protocol/noise/handshake.h"
#include "tests/support/with_crypto.h"

using namespace satchel;
using core::Bytes;
using protocol::CipherState;
using protocol::Handshake;

namespace {

/// "name: value" lines; a name may come more than once.
class Vector {
 public:
  explicit Vector(const std::string& name) {
    std::ifstream file{std::string{SATCHEL_VECTORS} + "/" + name};
    REQUIRE(file.good());
    for (std::string line; std::getline(file, line);) {
      const std::size_t colon = line.find(": ");
      if (colon != std::string::npos) fields_[line.substr(0, colon)].push_back(line.substr(colon + 2));
    }
  }
  Bytes hex(const std::string& name, std::size_t index = 0) const {
    const auto bytes = core::from_hex(fields_.at(name).at(index));
    REQUIRE(bytes.has_value());
    return *bytes;
  }
  std::size_t count(const std::string& name) const { return fields_.count(name) == 0 ? 0 : fields_.at(name).size(); }
  std::string text(const std::string& name) const { return fields_.at(name).at(0); }

 private:
  std::map<std::string, std::vector<std::string>> fields_;
};

/// Gives the ephemeral key of a vector.
class FixedRng final : public core::Rng {
 public:
  explicit FixedRng(Bytes bytes) : bytes_(std::move(bytes)) {}
  void fill(std::span<std::uint8_t> out) override {
    REQUIRE(out.size() == bytes_.size());
    std::copy(bytes_.begin(), bytes_.end(), out.begin());
  }

 private:
  Bytes bytes_;
};

void check_transport(const Vector& vector, Handshake::Channel& initiator, Handshake::Channel& responder) {
  for (std::size_t i = 2; i < vector.count("payload"); ++i) {
    INFO("message " << i + 1);
    CipherState& from = i % 2 == 0 ? initiator.send : responder.send;
    CipherState& to = i % 2 == 0 ? responder.receive : initiator.receive;
    const auto sealed = from.seal({}, vector.hex("payload", i));
    REQUIRE(sealed);
    CHECK(core::to_hex(*sealed) == core::to_hex(vector.hex("ciphertext", i)));
    const auto opened = to.open({}, *sealed);
    REQUIRE(opened);
    CHECK(*opened == vector.hex("payload", i));
  }
}

void check_vector(const std::string& name) {
  const Vector vector{name};
  const Bytes prologue = vector.hex("prologue");
  const Bytes psk = vector.count("psk") == 0 ? Bytes{} : vector.hex("psk");
  const core::BoxKeys initiator_keys = core::box_keys_from_secret(vector.hex("init_static"));
  const core::BoxKeys responder_keys = core::box_keys_from_secret(vector.hex("resp_static"));
  REQUIRE(core::to_bytes(responder_keys.public_key.view()) == vector.hex("resp_public"));
  FixedRng initiator_rng{vector.hex("init_ephemeral")};
  FixedRng responder_rng{vector.hex("resp_ephemeral")};
  Handshake initiator{{Handshake::Side::initiator, prologue, &initiator_keys, responder_keys.public_key, psk}, initiator_rng};
  Handshake responder{{Handshake::Side::responder, prologue, &responder_keys, std::nullopt, psk}, responder_rng};

  const auto first = initiator.write(vector.hex("payload", 0));
  REQUIRE(first);
  CHECK(core::to_hex(*first) == core::to_hex(vector.hex("ciphertext", 0)));
  const auto first_payload = responder.read(*first);
  REQUIRE(first_payload);
  CHECK(*first_payload == vector.hex("payload", 0));
  CHECK(responder.remote_static() == initiator_keys.public_key);
  CHECK(initiator.hash() == responder.hash());
  if (vector.count("hash_after_first") != 0) CHECK(core::to_hex(initiator.hash()) == vector.text("hash_after_first"));

  const auto second = responder.write(vector.hex("payload", 1));
  REQUIRE(second);
  CHECK(core::to_hex(*second) == core::to_hex(vector.hex("ciphertext", 1)));
  const auto second_payload = initiator.read(*second);
  REQUIRE(second_payload);
  CHECK(*second_payload == vector.hex("payload", 1));

  CHECK(initiator.hash() == responder.hash());
  Handshake::Channel initiator_channel = initiator.take();
  Handshake::Channel responder_channel = responder.take();
  check_transport(vector, initiator_channel, responder_channel);
}

}  // namespace

TEST_CASE("the published vector of Noise_IK_25519_ChaChaPoly_BLAKE2b is met byte for byte") { check_vector("noise-ik.txt"); }

TEST_CASE("the published vector of Noise_IKpsk2_25519_ChaChaPoly_BLAKE2b is met byte for byte") {
  check_vector("noise-ikpsk2.txt");
}
