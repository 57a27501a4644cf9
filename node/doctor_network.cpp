#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "node/beacon_socket.h"
#include "node/doctor.h"
#include "node/exchange.h"
#include "node/home.h"

// Ports, firewalls, multicast and the way to one peer, by trying: what a system says of itself is only a hint.
namespace satchel::node {

namespace json = boost::json;
using core::Result;

namespace {

/// As long as a link waits for an address: a satellite line with lost packets answers within it.
constexpr int kConnectMs = 15'000;
/// A refusal by UDP comes with the next round trip, if at all.
constexpr int kUdpMs = 3'000;
constexpr int kMulticastMs = 1'000;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool readable(int fd, int ms) {
  pollfd wish{fd, POLLIN, 0};
  return ::poll(&wish, 1, ms) == 1;
}

/// 0 when a connection came about, else errno; ETIMEDOUT when nobody answered.
int try_tcp(const sockaddr* where, socklen_t size, int family, int ms) {
  const Fd fd{::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!fd.ok()) return errno;
  if (::connect(fd.get(), where, size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd done{fd.get(), POLLOUT, 0};
  if (::poll(&done, 1, ms) != 1) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

/// 0 when it went out and nothing came back, else errno.
int try_udp(const sockaddr* where, socklen_t size, int family) {
  const Fd fd{::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (!fd.ok() || ::connect(fd.get(), where, size) != 0) return errno;
  // One byte is no packet of anybody's: whoever reads it drops it.
  if (::send(fd.get(), "?", 1, 0) != 1) return errno;
  if (!readable(fd.get(), kUdpMs)) return 0;
  char byte = 0;
  return ::recv(fd.get(), &byte, 1, MSG_DONTWAIT) < 0 ? errno : 0;
}

Finding tcp_finding(int error) {
  switch (error) {
    case 0: return Finding::kTcpFine;
    case ECONNREFUSED: return Finding::kRefused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL: return Finding::kNoRoute;
    default: return Finding::kTcpBlocked;
  }
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

bool node_runs(const std::string& home) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = Home{home}.socket();
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  const Fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  return fd.ok() && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// The usual port: free, answering, or held by somebody who does not answer.
void examine_port(Findings& out) {
  const auto port = static_cast<std::uint16_t>(std::stoi(kUsualPort));
  const sockaddr_in here = loopback(port);
  const json::object facts{{"port", port}};
  if (try_tcp(reinterpret_cast<const sockaddr*>(&here), sizeof here, AF_INET, kUdpMs) == 0) {
    return out.add(Finding::kPortOurs, facts);
  }
  const Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const int yes = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in any = here;
  any.sin_addr.s_addr = htonl(INADDR_ANY);
  const bool free = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0;
  out.add(free ? Finding::kPortFree : Finding::kPortTaken, facts);
}

void examine_firewall(Findings& out) {
  // Loaded, not what it lets through: the rules are the administrator's to read.
  json::array found;
  for (const char* module : {"nf_tables", "ip_tables", "ip6_tables"}) {
    if (std::filesystem::exists(std::string("/sys/module/") + module)) found.emplace_back(module);
  }
  if (found.empty()) return out.add(Finding::kNoFirewall);
  out.add(Finding::kFirewallHere, json::object{{"modules", std::move(found)}});
}

/// One datagram to a group of our own on each interface, and whether it comes back to us.
void examine_multicast(Findings& out) {
  const std::set<unsigned> interfaces = multicast_interfaces();
  if (interfaces.empty()) return out.add(Finding::kMulticastNone);
  const Fd hear{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const Fd say{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_in group{};
  group.sin_family = AF_INET;
  group.sin_port = htons(kBeaconPort);
  group.sin_addr.s_addr = ::inet_addr(kBeaconGroup4);
  const int yes = 1;
  ::setsockopt(hear.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool bound = ::bind(hear.get(), reinterpret_cast<const sockaddr*>(&group), sizeof group) == 0;
  bool heard = false;
  for (const unsigned index : interfaces) {
    ip_mreqn wish{};
    wish.imr_multiaddr = group.sin_addr;
    wish.imr_ifindex = static_cast<int>(index);
    ::setsockopt(hear.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &wish, sizeof wish);
    ::setsockopt(say.get(), IPPROTO_IP, IP_MULTICAST_IF, &wish, sizeof wish);
    // A byte is no beacon: nodes drop it.
    if (::sendto(say.get(), "?", 1, 0, reinterpret_cast<const sockaddr*>(&group), sizeof group) != 1) continue;
    heard = heard || (bound && readable(hear.get(), kMulticastMs));
  }
  out.add(heard ? Finding::kMulticastFine : Finding::kMulticastBlocked, json::object{{"interfaces", interfaces.size()}});
}

void examine_congestion(Findings& out) {
  const Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  char name[16] = {};
  socklen_t size = sizeof name;
  ::getsockopt(fd.get(), IPPROTO_TCP, TCP_CONGESTION, name, &size);
  const json::object facts{{"default", std::string(name, ::strnlen(name, sizeof name))}};
  // As a link does it.
  const bool bbr = ::setsockopt(fd.get(), IPPROTO_TCP, TCP_CONGESTION, "bbr", 3) == 0;
  out.add(bbr ? Finding::kBbr : Finding::kNoBbr, facts);
}

}  // namespace

void examine_network(const Surroundings&, const std::string& home, Findings& out) {
  out.add(node_runs(home) ? Finding::kNodeRuns : Finding::kNodeStopped);
  examine_port(out);
  examine_firewall(out);
  examine_multicast(out);
  examine_congestion(out);
}

Result<void> examine_peer(const std::string& text, Findings& out) {
  SATCHEL_TRY_ASSIGN(const Address address, parse_address(text));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* all = nullptr;
  const int unknown = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &all);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{all, ::freeaddrinfo};
  if (unknown != 0 || all == nullptr) {
    out.add(Finding::kNameUnknown, json::object{{"address", address.text()}});
    return {};
  }
  const addrinfo* best = all;
  int error = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (const addrinfo* one = all; one != nullptr; one = one->ai_next) {
    best = one;
    error = try_tcp(one->ai_addr, one->ai_addrlen, one->ai_family, kConnectMs);
    if (error == 0 || error == ECONNREFUSED) break;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  json::object facts{{"address", address.text()}, {"milliseconds", took.count()}};
  if (error != 0) facts["system"] = std::strerror(error);
  out.add(tcp_finding(error), std::move(facts));
  if (tcp_finding(error) == Finding::kNoRoute) return {};
  const int udp = try_udp(best->ai_addr, best->ai_addrlen, best->ai_family);
  out.add(udp == 0              ? Finding::kUdpSilent
          : udp == ECONNREFUSED ? Finding::kUdpRefused
                                : Finding::kUdpBlocked,
          json::object{{"address", address.text()}});
  return {};
}

}  // namespace satchel::node
