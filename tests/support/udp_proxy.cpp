#include "tests/support/udp_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/support/loopback.h"
#include "tests/support/seeded_rng.h"

namespace satchel::tests {

namespace {

using Clock = std::chrono::steady_clock;
using Datagram = std::vector<std::uint8_t>;

void send_to(int fd, const Datagram& bytes, const sockaddr_in& to) {
  ::sendto(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

/// One direction's luck.
class Luck {
 public:
  Luck(const UdpWeather& weather, std::uint64_t salt) : weather_(weather), rng_(weather.seed + salt) {}
  /// What goes on of this datagram, in order.
  std::vector<Datagram> pass(Datagram datagram) {
    std::vector<Datagram> out;
    const bool dropped = hit(weather_.drop_percent);
    const bool doubled = hit(weather_.double_percent);
    const bool kept = hit(weather_.swap_percent);
    if (dropped) return out;
    if (kept && held_.empty()) {
      held_ = std::move(datagram);
      return out;
    }
    out.push_back(datagram);
    if (doubled) out.push_back(std::move(datagram));
    if (!held_.empty()) out.push_back(std::exchange(held_, {}));
    return out;
  }

 private:
  bool hit(int percent) { return rng_.below(100) < static_cast<std::uint64_t>(percent); }
  UdpWeather weather_;
  SeededRng rng_;
  Datagram held_;
};

}  // namespace

UdpProxy::UdpProxy(const std::string& answerer, const UdpWeather& weather)
    : weather_(weather),
      answerer_port_(port_of(answerer)),
      front_(bound_socket(SOCK_DGRAM)),
      back_(bound_socket(SOCK_DGRAM)),
      port_(own_port(front_)) {
  thread_ = std::thread([this] { run(); });
}

UdpProxy::~UdpProxy() {
  stopping_ = true;
  thread_.join();
  ::close(front_);
  ::close(back_);
}

void UdpProxy::run() {
  constexpr int kLookMs = 20;
  const sockaddr_in answerer = loopback(answerer_port_);
  sockaddr_in caller{};
  Luck up{weather_, 0};
  Luck down{weather_, 1};
  std::optional<Clock::time_point> silent_until;
  bool moved = false;
  while (!stopping_) {
    pollfd either[2] = {{front_, POLLIN, 0}, {back_, POLLIN, 0}};
    if (::poll(either, 2, kLookMs) <= 0) continue;
    for (const pollfd& one : either) {
      if ((one.revents & POLLIN) == 0) continue;
      const bool is_up = one.fd == front_;
      Datagram datagram(2000);
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const ssize_t n = ::recvfrom(one.fd, datagram.data(), datagram.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (n < 0) continue;
      datagram.resize(static_cast<std::size_t>(n));
      if (is_up) caller = from;
      const std::uint64_t count = is_up ? ++from_caller_ : from_caller_.load();
      if (!silent_until && count >= weather_.silent_from) silent_until = Clock::now() + weather_.silent_for;
      if (silent_until && Clock::now() < *silent_until) {
        ++lost_;
        continue;
      }
      if (!std::exchange(moved, moved || count >= weather_.moves_at) && moved) {
        ::close(back_);
        back_ = bound_socket(SOCK_DGRAM);
      }
      const auto through = (is_up ? up : down).pass(std::move(datagram));
      if (through.empty()) ++lost_;
      for (const Datagram& each : through) send_to(is_up ? back_ : front_, each, is_up ? answerer : caller);
    }
  }
}

UdpHole::UdpHole(const std::string& address) : socket_(bound_socket(SOCK_DGRAM, port_of(address))) {}
UdpHole::~UdpHole() { ::close(socket_); }

int UdpHole::swallowed() {
  int count = 0;
  std::uint8_t byte = 0;
  while (::recv(socket_, &byte, 1, MSG_DONTWAIT) >= 0) ++count;
  return count;
}

void send_noise(const std::string& address, std::uint64_t seed, int count) {
  SeededRng rng{seed};
  const int fd = bound_socket(SOCK_DGRAM);
  const sockaddr_in to = loopback(port_of(address));
  for (int i = 0; i < count; ++i) {
    Datagram bytes(rng.below(1400) + 1);
    rng.fill(bytes);
    bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0xF8U) | (rng.below(6) + 1));  // a kind that there is
    send_to(fd, bytes, to);
  }
  ::close(fd);
}

}  // namespace satchel::tests
