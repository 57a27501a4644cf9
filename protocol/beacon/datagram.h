#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/ids.h"
#include "core/crypto/box.h"
#include "core/crypto/secret.h"

/// What a beacon says. All datagrams are equally long and look like noise to whoever has no group key:
///
///   datagram := nonce(24) ‖ seal(K, nonce, campaign u64, content)
///   content  := kind u8 ‖ node u32 ‖ port u16 ‖ echo(16)
namespace satchel::protocol {

enum class BeaconKind : std::uint8_t {
  call = 1,    ///< who is there? `echo` is zero
  answer = 2,  ///< I am, at this very moment: `echo` is the beginning of the call's nonce
};

inline constexpr std::size_t kBeaconEchoSize = 16;
inline constexpr std::size_t kBeaconContentSize = 1 + 4 + 2 + kBeaconEchoSize;
inline constexpr std::size_t kBeaconSize = 24 + kBeaconContentSize + core::kTagSize;
static_assert(kBeaconSize == 63, "as protocol/SPEC.md says");

struct BeaconWord {
  BeaconKind kind = BeaconKind::call;
  core::NodeNumber node;
  std::uint16_t port = 0;  ///< where `node` takes links; 0: nowhere
  std::array<std::uint8_t, kBeaconEchoSize> echo{};
  bool operator==(const BeaconWord&) const = default;
};

/// K: of the campaign's group key (32 bytes).
core::SecretBytes beacon_key(core::ByteView group_key);

/// `nonce` must be fresh random bytes.
core::Bytes encode_beacon(const BeaconWord& word, core::ByteView key, core::CampaignId campaign, const core::Nonce24& nonce);

struct OpenedBeacon {
  BeaconWord word;
  core::Nonce24 nonce{};
};
/// From anybody. kMalformed for another length, kSealBroken for what no member of this campaign has sealed, kMalformed for a
/// content that is not in its one form.
core::Result<OpenedBeacon> open_beacon(core::ByteView datagram, core::ByteView key, core::CampaignId campaign);

}  // namespace satchel::protocol
