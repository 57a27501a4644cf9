#pragma once

#include <algorithm>

#include "core/base/check.h"
#include "core/crypto/membership.h"
#include "tests/support/seeded_rng.h"

namespace satchel::tests {

/// Gives the bytes that a vector names as random, in order; to run out of them, or to leave some, is a fault.
class ScriptedRng final : public core::Rng {
 public:
  explicit ScriptedRng(core::Bytes bytes) : bytes_(std::move(bytes)) {}
  ~ScriptedRng() override { SATCHEL_CHECK(at_ == bytes_.size()); }
  void fill(std::span<std::uint8_t> out) override {
    SATCHEL_CHECK(out.size() <= bytes_.size() - at_);
    for (std::uint8_t& byte : out) byte = bytes_[at_++];
  }

 private:
  core::Bytes bytes_;
  std::size_t at_ = 0;
};

/// Who plays in the vectors: secrets from a seed, so that the fuzz targets hold the same keys.
struct Cast {
  struct Person {
    core::Bytes sign_seed;
    core::Bytes box_secret;
    core::Identity identity() const {
      return {core::sign_keys_from_seed(sign_seed), core::box_keys_from_secret(box_secret), core::SecretBytes{32}};
    }
  };
  SeededRng rng{2026};
  Person hub = draw();
  Person site = draw();
  Person relay = draw();
  core::Bytes recovery_secret = bytes(32);
  core::Bytes founding_salt = bytes(8);
  core::Bytes group_key = bytes(32);

  core::Bytes bytes(std::size_t n) {
    core::Bytes out(n);
    rng.fill(out);
    return out;
  }
  core::Founding founding() const {
    ScriptedRng salt{founding_salt};
    return core::make_founding("春季采集", hub.identity(), core::box_keys_from_secret(recovery_secret).public_key, salt);
  }
  core::Member member(std::uint32_t number, core::Role role, std::string name, const Person& whose) const {
    const core::Identity identity = whose.identity();
    return core::make_member(founding().id(), core::NodeNumber{number}, role, std::move(name), identity.sign.public_key,
                             identity.box.public_key, hub.identity().sign);
  }
  core::Member hub_member() const { return member(0, core::Role::hub, "中心", hub); }
  core::Member site_member() const { return member(1, core::Role::site, "东站", site); }
  core::Member relay_member() const { return member(2, core::Role::relay, "中继", relay); }

 private:
  Person draw() { return {bytes(32), bytes(32)}; }
};

}  // namespace satchel::tests
