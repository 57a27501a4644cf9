#include "protocol/noise/cipher_state.h"

#include <array>
#include <limits>

#include "core/crypto/box.h"

namespace satchel::protocol {

namespace {
constexpr std::uint64_t kReserved = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kKeySize = 32;
}  // namespace

core::Result<core::Bytes> CipherState::seal(core::ByteView associated, core::ByteView plain) {
  if (!has_key()) return core::to_bytes(plain);
  if (counter_ == kReserved) return core::Error{core::Code::kLimitExceeded, "the channel's counter is used up"};
  return core::chacha_seal(key_.view(), counter_++, associated, plain);
}

core::Result<core::Bytes> CipherState::open(core::ByteView associated, core::ByteView sealed) {
  if (!has_key()) return core::to_bytes(sealed);
  if (counter_ == kReserved) return core::Error{core::Code::kLimitExceeded, "the channel's counter is used up"};
  auto plain = core::chacha_open(key_.view(), counter_, associated, sealed);
  if (plain) ++counter_;
  return plain;
}

void CipherState::rekey() {
  const std::array<std::uint8_t, kKeySize> zeros{};
  core::Bytes next = core::chacha_seal(key_.view(), kReserved, {}, zeros);
  key_ = core::SecretBytes{core::ByteView{next}.first(kKeySize)};
  core::wipe(next);
}

}  // namespace satchel::protocol
