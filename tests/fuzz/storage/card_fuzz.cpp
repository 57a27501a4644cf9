// A card from anybody, as it is; then the input as the contents of a card that the hub signed and sealed to us.
#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "protocol/card/card.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

namespace {

/// The envelope of a card around any contents.
core::Bytes seal(core::ByteView contents, const core::Identity& hub, const core::Identity& site) {
  core::Bytes plain = core::to_bytes(contents);
  core::append(plain, core::sign(hub.sign, "satchel card", contents).view());
  tests::SeededRng rng{1};
  core::ByteWriter out;
  out.raw(core::as_bytes("satchel-card\n")).u8(1).raw(core::hash("satchel card addressee", site.box.public_key.view()).view());
  out.raw(core::seal_to(site.box.public_key, rng, "satchel card", plain));
  const core::Hash closing = core::hash("satchel card", out.bytes());
  return out.raw(closing.view()).bytes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Identity kHub = tests::Cast{}.hub.identity();
  static const core::Identity kSite = tests::Cast{}.site.identity();
  static_cast<void>(protocol::open_card({data, size}, kSite));
  static_cast<void>(protocol::open_card(seal({data, size}, kHub, kSite), kSite));
  return 0;
}
