// /proc/self/mountinfo: who mounts a stick picks its label, and with it what stands there.
#include "core/base/check.h"
#include "node/mounts.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const node::Mount& mount : node::parse_mountinfo({reinterpret_cast<const char*>(data), size})) {
    SATCHEL_CHECK(mount.folder.size() <= size && mount.source.size() <= size);
  }
  return 0;
}
