#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/doctor.h"

// What `doctor` sees of the network by trying it, apart from what it then says of it: the same words for every machine, whichever
// of these it shows.
namespace satchel::node {

/// A port of this computer.
struct PortSeen {
  std::uint16_t port = 0;
  bool free = false;     ///< it could be bound just now
  bool answers = false;  ///< over TCP anybody, over datagrams a node
};

struct MulticastSeen {
  std::size_t interfaces = 0;  ///< that are up and can carry it
  bool heard = false;          ///< what was sent came back on one of them
};

struct NetworkSeen {
  bool node_runs = false;
  PortSeen tcp;
  PortSeen udp;
  std::vector<std::string> firewall_modules;  ///< loaded, whatever their rules
  MulticastSeen multicast;
  std::string congestion_default;  ///< as the system names it
  std::string congestion_used;     ///< when a link asks for bbr
};

/// The way to another node. Errors are those of errno, 0 for none; ETIMEDOUT when nobody answered.
struct PeerSeen {
  std::string address;
  bool named = false;  ///< its name leads to an address; else nothing below was tried
  int tcp_error = 0;
  std::int64_t milliseconds = 0;  ///< that TCP took
  std::optional<int> udp_error;   ///< nullopt: not tried, because there was no way at all
};

/// Whether that errno says that no network leads there, by whatever carrier.
bool no_way_there(int error);

PortSeen see_tcp_port(std::uint16_t port);
PortSeen see_udp_port(std::uint16_t port, core::Rng& rng);
NetworkSeen see_network(const Surroundings& surroundings, const std::string& home);
void tell(const NetworkSeen& seen, Findings& out);

/// kAddressBad.
core::Result<PeerSeen> see_peer(const Surroundings& surroundings, const std::string& address);
void tell(const PeerSeen& seen, Findings& out);

}  // namespace satchel::node
