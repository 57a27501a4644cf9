#include "core/record/log_tag.h"

#include "core/crypto/hash.h"
#include "core/store/keys.h"

namespace satchel::core {

LogTag log_tag(const std::map<LogId, RootAt>& roots) {
  ByteWriter out;
  for (const auto& [log, at] : roots) {
    keys::put_log(out, log);
    out.u64_be(at.seq.value).raw(at.root.view());
  }
  return *LogTag::from(hash("satchel log tag", out.bytes()).view().first(LogTag::kSize));
}

}  // namespace satchel::core
