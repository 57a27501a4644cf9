// A segment from a stranger's stick, read by the hub into an empty shelf: whatever it holds, what comes in is sound, nothing is
// read more often than the limits say, and what was not taken leaves no trace beyond a few half bundles.
#include <memory>

#include "core/store/memory_store.h"
#include "protocol/limits.h"
#include "protocol/stick/segment_reader.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

namespace {

core::Membership members() {
  const tests::Cast cast;
  core::Membership out{cast.founding()};
  SATCHEL_CHECK(out.add(cast.hub_member()).has_value() && out.add(cast.site_member()).has_value());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Membership kMembers = members();
  core::Membership membership = kMembers;
  core::MemoryStore store;
  auto shelf = protocol::Shelf::open(store, membership, core::kHubNumber, core::Role::hub, {});
  SATCHEL_CHECK(shelf.has_value());
  protocol::MemorySource source{{data, size}};
  protocol::StickReport report;
  SATCHEL_CHECK(protocol::read_segment(source, {}, **shelf, membership, report).has_value());
  SATCHEL_CHECK(report.bytes_read <= (protocol::kCutBlocksMax + 4) * (size + protocol::kHeaderMax));
  const auto verified = (*shelf)->verify([](const core::BundleId&, const core::Error&) {});
  SATCHEL_CHECK(verified && verified->faults == 0);
  SATCHEL_CHECK((*shelf)->partials().size() <= protocol::kPartialsMax);
  return 0;
}
