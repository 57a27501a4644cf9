// "host:port" as it is typed, or as a beacon's node was found: what is taken is written in one form, and that is taken again.
#include "core/base/check.h"
#include "node/exchange.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto address = node::parse_address(core::as_text({data, size}));
  if (!address) return 0;
  const auto again = node::parse_address(address->text());
  SATCHEL_CHECK(again && again->host == address->host && again->port == address->port);
  return 0;
}
