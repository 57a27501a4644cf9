#pragma once

#include <optional>
#include <string>

#include "tests/lab/direction.h"

namespace satchel::lab {

/// A TUN device in a network namespace: what a host there sends can be read here, what is written here arrives there.
class Tun {
 public:
  /// The device `device` of the namespace /run/netns/`space`, made if it is not there. Throws std::system_error. The calling
  /// thread comes back to its own namespace.
  Tun(const std::string& space, const std::string& device);
  ~Tun();
  Tun(const Tun&) = delete;
  Tun& operator=(const Tun&) = delete;

  int descriptor() const { return descriptor_; }
  /// The next packet that the host sent; nullopt when there is none.
  std::optional<Packet> read();
  /// False when the host does not take it, because its device is down.
  bool write(const Packet& packet);

 private:
  int descriptor_ = -1;
};

}  // namespace satchel::lab
