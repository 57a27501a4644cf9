#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace satchel::tests {

/// What a bad line does to datagrams, by the packet: drawn from a seed, or at a count of packets, never by the clock.
struct UdpWeather {
  std::uint64_t seed = 1;
  int drop_percent = 0;
  int double_percent = 0;
  int swap_percent = 0;  ///< held back until the next one has gone
  /// From the so-many-th datagram of the caller on, everything is lost for so long, once.
  std::uint64_t silent_from = UINT64_MAX;
  std::chrono::milliseconds silent_for{0};
  /// From then on the caller appears at another port.
  std::uint64_t moves_at = UINT64_MAX;
};

/// Stands between one caller and an answerer on 127.0.0.1, with a port of its own.
class UdpProxy {
 public:
  UdpProxy(const std::string& answerer, const UdpWeather& weather);
  ~UdpProxy();
  UdpProxy(const UdpProxy&) = delete;
  UdpProxy& operator=(const UdpProxy&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::uint64_t from_caller() const { return from_caller_; }
  std::uint64_t lost() const { return lost_; }

 private:
  void run();

  UdpWeather weather_;
  int answerer_port_;
  int front_ = -1;
  int back_ = -1;
  int port_ = 0;
  std::atomic<std::uint64_t> from_caller_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// A UDP port that is held and never answers: what a firewall that drops looks like.
class UdpHole {
 public:
  explicit UdpHole(const std::string& address);  ///< "127.0.0.1:PORT"; throws when it is taken
  ~UdpHole();
  UdpHole(const UdpHole&) = delete;
  UdpHole& operator=(const UdpHole&) = delete;
  /// Datagrams that came since this was last asked.
  int swallowed();

 private:
  int socket_ = -1;
};

/// Sends so many datagrams of noise to an address, from as many random lengths and contents.
void send_noise(const std::string& address, std::uint64_t seed, int count);

}  // namespace satchel::tests
