#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <stdexcept>
#include <string>

// Ports of 127.0.0.1, as addresses and as sockets.
namespace satchel::tests {

inline sockaddr_in loopback(int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

/// Of "host:port".
inline int port_of(const std::string& address) { return std::stoi(address.substr(address.rfind(':') + 1)); }

/// The caller closes it. `type`: SOCK_STREAM or SOCK_DGRAM; port 0: any that is free. Throws when there is none.
inline int bound_socket(int type, int port = 0) {
  const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const sockaddr_in here = loopback(port);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) throw std::runtime_error("no port");
  return fd;
}

inline int own_port(int fd) {
  sockaddr_in here{};
  socklen_t size = sizeof here;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size);
  return ntohs(here.sin_port);
}

}  // namespace satchel::tests
