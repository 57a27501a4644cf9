// What doctor says of the network: the words for everything that a machine may show, and the ports of this one.
#include "node/doctor_network.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>
#include <cerrno>
#include <map>

#include "tests/support/loopback.h"
#include "tests/support/seeded_rng.h"

namespace satchel::node {
namespace {

using Codes = std::map<std::string, std::string>;

/// The codes that are told of what was seen, and their levels.
template <class Seen>
Codes told(const Seen& seen) {
  Findings findings;
  tell(seen, findings);
  Codes out;
  for (const boost::json::value& one : findings.take()) {
    const boost::json::object& item = one.as_object();
    out[std::string(item.at("code").as_string())] = std::string(item.at("level").as_string());
  }
  return out;
}

NetworkSeen quiet_machine() {
  NetworkSeen out;
  out.tcp = {7420, true, false};
  out.udp = {7420, true, false};
  out.multicast = {1, true};
  out.congestion_default = "cubic";
  out.congestion_used = "bbr";
  return out;
}

PeerSeen peer(int tcp_error, std::optional<int> udp_error) {
  PeerSeen out;
  out.address = "192.0.2.7:7420";
  out.named = true;
  out.tcp_error = tcp_error;
  out.udp_error = udp_error;
  return out;
}

/// A port of this machine for as long as it lives, held and not answering until it listens.
struct HeldPort {
  int fd;
  std::uint16_t number = 0;
  explicit HeldPort(int type) : fd(tests::bound_socket(type)), number(static_cast<std::uint16_t>(tests::own_port(fd))) {}
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;
  ~HeldPort() { ::close(fd); }
};

}  // namespace

TEST_CASE("a machine with nothing in the way is told as fine, one kind of thing after the other") {
  CHECK(told(quiet_machine()) == Codes{{"D-NODE-STOPPED", "note"},
                                       {"D-PORT-FREE", "fine"},
                                       {"D-PORT-UDP-OK", "fine"},
                                       {"D-FIREWALL-NONE", "fine"},
                                       {"D-MULTICAST-OK", "fine"},
                                       {"D-CONGESTION-BBR", "fine"}});
}

TEST_CASE("the usual port is ours when it answers, and taken when it is held and does not") {
  NetworkSeen seen = quiet_machine();
  seen.node_runs = true;
  seen.tcp = {7420, false, true};
  seen.udp = {7420, false, true};
  Codes codes = told(seen);
  CHECK(codes["D-NODE-RUNS"] == "fine");
  CHECK(codes["D-PORT-OPEN"] == "fine");
  CHECK(codes["D-PORT-UDP-OK"] == "fine");
  seen.tcp.answers = false;
  seen.udp.answers = false;
  codes = told(seen);
  CHECK(codes["D-PORT-TAKEN"] == "warn");
  CHECK(codes["D-PORT-UDP-TAKEN"] == "warn");
}

TEST_CASE("a firewall, a network without multicast, no network and a system without bbr have each their own word") {
  NetworkSeen seen = quiet_machine();
  seen.firewall_modules = {"nf_tables", "ip_tables"};
  seen.multicast.heard = false;
  seen.congestion_used = "cubic";
  Codes codes = told(seen);
  CHECK(codes["D-FIREWALL-HERE"] == "note");
  CHECK(codes["D-MULTICAST-BLOCKED"] == "warn");
  CHECK(codes["D-CONGESTION-OTHER"] == "note");
  seen.multicast.interfaces = 0;
  CHECK(told(seen)["D-MULTICAST-NONE"] == "note");
}

TEST_CASE("a way that is missing, blocked or open for one carrier alone is told as that, and what was not tried is not told") {
  for (const int error : {ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL}) {
    CHECK(told(peer(error, std::nullopt)) == Codes{{"D-PEER-NO-ROUTE", "bad"}});
  }
  for (const int error : {ETIMEDOUT, EACCES, EPERM}) {
    CHECK(told(peer(error, ETIMEDOUT)) == Codes{{"D-PEER-TCP-BLOCKED", "bad"}, {"D-PEER-UDP-SILENT", "note"}});
  }
  CHECK(told(peer(0, EPERM)) == Codes{{"D-PEER-TCP-OK", "fine"}, {"D-PEER-UDP-BLOCKED", "note"}});
  CHECK(told(peer(ECONNREFUSED, ECONNREFUSED)) == Codes{{"D-PEER-REFUSED", "bad"}, {"D-PEER-UDP-REFUSED", "note"}});
  CHECK(told(peer(ETIMEDOUT, 0)) == Codes{{"D-PEER-TCP-NOT-NEEDED", "note"}, {"D-PEER-UDP-OK", "fine"}});
  CHECK(told(peer(0, 0)) == Codes{{"D-PEER-TCP-OK", "fine"}, {"D-PEER-UDP-OK", "fine"}});
  PeerSeen nobody;
  CHECK(told(nobody) == Codes{{"D-PEER-NAME", "bad"}});
}

TEST_CASE("a port of this machine is seen as held, as answering, and for datagrams as held by somebody else") {
  const HeldPort tcp{SOCK_STREAM};
  PortSeen seen = see_tcp_port(tcp.number);
  CHECK((!seen.free && !seen.answers && seen.port == tcp.number));
  REQUIRE(::listen(tcp.fd, 4) == 0);
  seen = see_tcp_port(tcp.number);
  CHECK((!seen.free && seen.answers));
  const HeldPort udp{SOCK_DGRAM};
  tests::SeededRng rng{1};
  seen = see_udp_port(udp.number, rng);
  CHECK((!seen.free && !seen.answers && seen.port == udp.number));
}

}  // namespace satchel::node
