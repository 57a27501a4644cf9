#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "node/beacon_socket.h"
#include "node/doctor_network.h"
#include "node/exchange.h"
#include "node/home.h"
#include "protocol/datagram/packet.h"

// Ports, firewalls, multicast and the way to one peer, by trying: what a system says of itself is only a hint.
namespace satchel::node {

using core::Result;

namespace {

/// As long as a link waits for an address: a satellite line with lost packets answers within it.
constexpr int kConnectMs = 15'000;
/// A question by datagram: so often, and so long for each answer; one in seven is lost on a bad line, either way.
constexpr int kUdpTries = 4;
constexpr int kUdpMs = 1'000;
constexpr int kLoopbackMs = 1'000;
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

/// What a caller without a pass says first. An answerer gives a pass and forgets it.
core::Bytes opening(core::Rng& rng) {
  protocol::Packet packet;
  packet.kind = protocol::PacketKind::open;
  packet.id = protocol::ConnectionId{rng.u64()};
  packet.asks = true;
  return protocol::encode(packet);
}

bool answers(core::ByteView asked, core::ByteView answer) {
  const auto question = protocol::decode_packet(asked);
  const auto packet = protocol::decode_packet(answer);
  return question && packet && packet->by_answerer && packet->id == question->id;
}

/// 0 when a node answered, ETIMEDOUT when nobody did, else errno.
int try_udp(const sockaddr* where, socklen_t size, int family, core::Rng& rng, int tries) {
  const Fd fd{::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (!fd.ok() || ::connect(fd.get(), where, size) != 0) return errno;
  const core::Bytes question = opening(rng);
  for (int i = 0; i < tries; ++i) {
    if (::send(fd.get(), question.data(), question.size(), 0) < 0) return errno;
    if (!readable(fd.get(), kUdpMs)) continue;
    std::array<std::uint8_t, protocol::kDatagramMax> answer{};
    const ssize_t n = ::recv(fd.get(), answer.data(), answer.size(), MSG_DONTWAIT);
    if (n < 0) return errno;
    if (answers(question, core::ByteView{answer.data(), static_cast<std::size_t>(n)})) return 0;
  }
  return ETIMEDOUT;
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

std::vector<std::string> firewall_modules() {
  // Loaded, not what it lets through: the rules are the administrator's to read.
  std::vector<std::string> found;
  for (const char* module : {"nf_tables", "ip_tables", "ip6_tables"}) {
    if (std::filesystem::exists(std::string("/sys/module/") + module)) found.emplace_back(module);
  }
  return found;
}

/// One datagram to a group of our own on each interface, and whether it comes back to us.
MulticastSeen see_multicast() {
  const std::set<unsigned> interfaces = multicast_interfaces();
  MulticastSeen out{interfaces.size(), false};
  if (interfaces.empty()) return out;
  const Fd hear{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const Fd say{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_in group{};
  group.sin_family = AF_INET;
  group.sin_port = htons(kBeaconPort);
  group.sin_addr.s_addr = ::inet_addr(kBeaconGroup4);
  const int yes = 1;
  ::setsockopt(hear.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool bound = ::bind(hear.get(), reinterpret_cast<const sockaddr*>(&group), sizeof group) == 0;
  for (const unsigned index : interfaces) {
    ip_mreqn wish{};
    wish.imr_multiaddr = group.sin_addr;
    wish.imr_ifindex = static_cast<int>(index);
    ::setsockopt(hear.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &wish, sizeof wish);
    ::setsockopt(say.get(), IPPROTO_IP, IP_MULTICAST_IF, &wish, sizeof wish);
    // A byte is no beacon: nodes drop it.
    if (::sendto(say.get(), "?", 1, 0, reinterpret_cast<const sockaddr*>(&group), sizeof group) != 1) continue;
    out.heard = out.heard || (bound && readable(hear.get(), kMulticastMs));
  }
  return out;
}

void see_congestion(NetworkSeen& out) {
  const Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const auto in_use = [&] {
    char name[16] = {};
    socklen_t size = sizeof name;
    ::getsockopt(fd.get(), IPPROTO_TCP, TCP_CONGESTION, name, &size);
    return std::string(name, ::strnlen(name, sizeof name));
  };
  out.congestion_default = in_use();
  // As a link does it: what the system then says that it uses is what a link gets.
  static_cast<void>(::setsockopt(fd.get(), IPPROTO_TCP, TCP_CONGESTION, "bbr", 3));
  out.congestion_used = in_use();
}

}  // namespace

PortSeen see_tcp_port(std::uint16_t port) {
  const sockaddr_in here = loopback(port);
  if (try_tcp(reinterpret_cast<const sockaddr*>(&here), sizeof here, AF_INET, kLoopbackMs) == 0) return {port, false, true};
  const Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const int yes = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in any = here;
  any.sin_addr.s_addr = htonl(INADDR_ANY);
  return {port, ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0, false};
}

PortSeen see_udp_port(std::uint16_t port, core::Rng& rng) {
  const Fd fd{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const sockaddr_in here = loopback(port);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0) return {port, true, false};
  return {port, false, try_udp(reinterpret_cast<const sockaddr*>(&here), sizeof here, AF_INET, rng, 1) == 0};
}

NetworkSeen see_network(const Surroundings& surroundings, const std::string& home) {
  const auto port = static_cast<std::uint16_t>(std::stoi(kUsualPort));
  NetworkSeen out;
  out.node_runs = node_runs(home);
  out.tcp = see_tcp_port(port);
  out.udp = see_udp_port(port, surroundings.rng);
  out.firewall_modules = firewall_modules();
  out.multicast = see_multicast();
  see_congestion(out);
  return out;
}

Result<PeerSeen> see_peer(const Surroundings& surroundings, const std::string& text) {
  SATCHEL_TRY_ASSIGN(const Address address, parse_address(text));
  PeerSeen out;
  out.address = address.text();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* all = nullptr;
  const int unknown = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &all);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{all, ::freeaddrinfo};
  out.named = unknown == 0 && all != nullptr;
  if (!out.named) return out;
  const addrinfo* best = all;
  const auto begin = std::chrono::steady_clock::now();
  for (const addrinfo* one = all; one != nullptr; one = one->ai_next) {
    best = one;
    out.tcp_error = try_tcp(one->ai_addr, one->ai_addrlen, one->ai_family, kConnectMs);
    if (out.tcp_error == 0 || out.tcp_error == ECONNREFUSED) break;
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  out.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  if (!no_way_there(out.tcp_error)) {
    out.udp_error = try_udp(best->ai_addr, best->ai_addrlen, best->ai_family, surroundings.rng, kUdpTries);
  }
  return out;
}

}  // namespace satchel::node
