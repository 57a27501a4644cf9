#include <cerrno>
#include <cstring>

#include "node/doctor_network.h"

// What is said of the network as it was seen.
namespace satchel::node {

namespace json = boost::json;
using core::Result;

namespace {

Finding udp_finding(int error) {
  switch (error) {
    case 0: return Finding::kUdpFine;
    case ECONNREFUSED: return Finding::kUdpRefused;
    case ETIMEDOUT: return Finding::kUdpSilent;
    default: return Finding::kUdpBlocked;
  }
}

Finding tcp_finding(int error) {
  switch (error) {
    case 0: return Finding::kTcpFine;
    case ECONNREFUSED: return Finding::kRefused;
    default: return no_way_there(error) ? Finding::kNoRoute : Finding::kTcpBlocked;
  }
}

void tell_ports(const PortSeen& tcp, const PortSeen& udp, Findings& out) {
  out.add(tcp.answers ? Finding::kPortOurs
          : tcp.free  ? Finding::kPortFree
                      : Finding::kPortTaken,
          json::object{{"port", tcp.port}});
  out.add(udp.free || udp.answers ? Finding::kUdpPortFine : Finding::kUdpPortTaken, json::object{{"port", udp.port}});
}

void tell_firewall(const std::vector<std::string>& modules, Findings& out) {
  if (modules.empty()) return out.add(Finding::kNoFirewall);
  json::array names;
  for (const std::string& module : modules) names.emplace_back(module);
  out.add(Finding::kFirewallHere, json::object{{"modules", std::move(names)}});
}

void tell_multicast(const MulticastSeen& seen, Findings& out) {
  if (seen.interfaces == 0) return out.add(Finding::kMulticastNone);
  out.add(seen.heard ? Finding::kMulticastFine : Finding::kMulticastBlocked, json::object{{"interfaces", seen.interfaces}});
}

}  // namespace

bool no_way_there(int error) {
  return error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN || error == EADDRNOTAVAIL;
}

void tell(const NetworkSeen& seen, Findings& out) {
  out.add(seen.node_runs ? Finding::kNodeRuns : Finding::kNodeStopped);
  tell_ports(seen.tcp, seen.udp, out);
  tell_firewall(seen.firewall_modules, out);
  tell_multicast(seen.multicast, out);
  out.add(seen.congestion_used == "bbr" ? Finding::kBbr : Finding::kNoBbr,
          json::object{{"default", seen.congestion_default}, {"used", seen.congestion_used}});
}

void tell(const PeerSeen& seen, Findings& out) {
  const json::object where{{"address", seen.address}};
  if (!seen.named) return out.add(Finding::kNameUnknown, where);
  json::object facts = where;
  facts["milliseconds"] = seen.milliseconds;
  if (seen.tcp_error != 0) facts["system"] = std::strerror(seen.tcp_error);
  const bool datagrams_alone = seen.tcp_error != 0 && seen.udp_error == 0;
  out.add(datagrams_alone ? Finding::kTcpNotNeeded : tcp_finding(seen.tcp_error), std::move(facts));
  if (seen.udp_error) out.add(udp_finding(*seen.udp_error), where);
}

void examine_network(const Surroundings& surroundings, const std::string& home, Findings& out) {
  tell(see_network(surroundings, home), out);
}

Result<void> examine_peer(const Surroundings& surroundings, const std::string& text, Findings& out) {
  SATCHEL_TRY_ASSIGN(const PeerSeen seen, see_peer(surroundings, text));
  tell(seen, out);
  return {};
}

}  // namespace satchel::node
