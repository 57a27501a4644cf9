#include "core/store/keys.h"
#include "protocol/shelf/shelf.h"

/// What lies here beyond a gap of its log.
namespace satchel::protocol {

namespace keys = core::keys;
using core::ByteView;
using core::Result;
using core::Seq;

Result<std::vector<BeyondGap>> Shelf::beyond_gaps() const {
  std::vector<BeyondGap> out;
  std::size_t bundles = 0;
  for (const auto& [log, summary] : logs_) {
    const Seq reach = std::max(summary.contiguous, covered(log));
    if (own(log) || summary.highest <= reach) continue;
    const auto visit = [&, &where = log](ByteView key, ByteView) {
      const auto id = keys::parse_at(key);
      if (!id || bundles == kBeyondMax) return false;
      const bool follows = !out.empty() && out.back().log == where && out.back().first.value + out.back().count == id->seq.value;
      if (!follows && out.size() == kBeyondRunsMax) return false;
      if (!follows) out.push_back({where, id->seq, 0});
      out.back().count += 1;
      ++bundles;
      return true;
    };
    SATCHEL_TRY(store_->scan(keys::log(keys::kHeader, log), keys::at(keys::kHeader, log, Seq{reach.value + 1}), visit));
  }
  return out;
}

}  // namespace satchel::protocol
