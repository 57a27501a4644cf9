// A datagram from anybody on the local network; then the same bytes as the content of a rightly sealed one, as a member that was
// taken over would send it.
#include "core/base/check.h"
#include "protocol/beacon/beacon.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

namespace {

void take(protocol::Beacon& beacon, core::ByteView datagram) {
  const core::MonoMs now{1'000};
  const auto heard = beacon.receive(datagram, now);
  if (!heard) return;
  SATCHEL_CHECK(datagram.size() == protocol::kBeaconSize && heard->node != core::NodeNumber{1});
  SATCHEL_CHECK(!heard->proven);  // nobody has heard a call of ours
  SATCHEL_CHECK(!beacon.receive(datagram, now));
  const auto answer = beacon.answer(*heard, now);
  SATCHEL_CHECK(answer && answer->size() == datagram.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tests::Cast kCast;
  static const core::CampaignId kCampaign = kCast.founding().id();
  tests::SeededRng rng{1};
  protocol::Beacon beacon{{kCampaign, kCast.group_key, core::NodeNumber{1}, 7420, &rng}, {0}};
  take(beacon, {data, size});
  const core::SecretBytes key = protocol::beacon_key(kCast.group_key);
  core::Nonce24 nonce{};
  rng.fill(nonce);
  core::Bytes sealed{nonce.begin(), nonce.end()};
  const core::Bytes associated = core::ByteWriter{}.u64(kCampaign.value).bytes();
  const core::ByteView content{data, std::min(size, protocol::kBeaconContentSize)};
  core::append(sealed, core::xchacha_seal(key.view(), nonce, associated, content));
  take(beacon, sealed);
  return 0;
}
