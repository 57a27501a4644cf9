#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/crypto/secret.h"

namespace satchel::protocol {

/// One direction of a Noise channel (Noise revision 34, section 5.1, "CipherState"): a key and a counter that is the nonce. Both
/// sides count alike, so a frame that is lost, repeated, or exchanged with another does not open.
class CipherState {
 public:
  CipherState() = default;  ///< no key yet: seal and open pass the bytes through, as the specification wants it
  explicit CipherState(core::SecretBytes key) : key_(std::move(key)) {}

  bool has_key() const noexcept { return !key_.empty(); }
  std::uint64_t counter() const noexcept { return counter_; }

  /// kLimitExceeded when the counter is used up (2^64 - 1 is reserved for rekey()): nothing may follow on this channel.
  core::Result<core::Bytes> seal(core::ByteView associated, core::ByteView plain);
  /// kSealBroken unless every byte fits; the counter then stands still.
  core::Result<core::Bytes> open(core::ByteView associated, core::ByteView sealed);
  /// Replaces the key by a one-way function of itself (section 4.2, REKEY); the counter goes on. What was sealed before cannot be
  /// opened with what is in memory afterwards.
  void rekey();

 private:
  core::SecretBytes key_;
  std::uint64_t counter_ = 0;
};

}  // namespace satchel::protocol
