#include "node/carrier.h"

namespace satchel::node {

std::string_view carrier_name(Carrier carrier) { return carrier == Carrier::tcp ? "tcp" : "udp"; }

std::optional<CarrierChoice> parse_carrier(std::string_view text) {
  if (text == "auto") return CarrierChoice::automatic;
  if (text == "tcp") return CarrierChoice::tcp;
  if (text == "udp") return CarrierChoice::datagrams;
  return std::nullopt;
}

}  // namespace satchel::node
