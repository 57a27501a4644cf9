// A line from whoever may open the node's socket.
#include "core/base/check.h"
#include "node/local_server.h"
#include "node/operations.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = node::parse_local_request(core::as_text({data, size}));
  if (!request) return 0;
  if (const auto sync = node::parse_sync(request->arguments)) {
    SATCHEL_CHECK(!sync->options.deadline_ms || *sync->options.deadline_ms > 0);
    SATCHEL_CHECK(node::parse_address(sync->address.text()).has_value());
  }
  static_cast<void>(node::find_operation(request->operation));
  return 0;
}
