#include <algorithm>
#include <charconv>

#include "node/exchange.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;

std::string Address::text() const { return host.find(':') != std::string::npos ? "[" + host + "]:" + port : host + ":" + port; }

Result<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Code::kAddressBad;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (problem != std::errc{} || end != port.data() + port.size() || number > 65535) return Error{Code::kAddressBad, "port"};
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return Error{Code::kAddressBad, "an IPv6 address stands in brackets"};
  }
  const auto odd = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; };
  if (host.empty() || std::ranges::any_of(host, odd)) return Error{Code::kAddressBad, "host"};
  return Address{std::string(host), std::string(port)};
}

}  // namespace satchel::node
