#include "tests/support/cut_line.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

#include "tests/support/loopback.h"

namespace satchel::tests {

namespace {

constexpr int kLookMs = 20;

/// What has not been read or sent is thrown away, and the other end hears of a reset.
void tear(int fd) {
  const linger now{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(fd);
}

bool readable(int fd, int ms) {
  pollfd wish{fd, POLLIN, 0};
  return ::poll(&wish, 1, ms) == 1;
}

/// Moves what has come, `most` at the most; 0 at the end of `from`.
std::size_t move(int from, int to, std::size_t most) {
  std::array<std::uint8_t, 4096> bytes{};
  const ssize_t n = ::recv(from, bytes.data(), std::min(most, bytes.size()), 0);
  for (ssize_t sent = 0; sent < n;) {
    const ssize_t m = ::send(to, bytes.data() + sent, static_cast<std::size_t>(n - sent), MSG_NOSIGNAL);
    if (m <= 0) return 0;
    sent += m;
  }
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

}  // namespace

CutLine::CutLine(const std::string& answerer, std::size_t bytes)
    : left_(bytes), answerer_port_(port_of(answerer)), listener_(bound_socket(SOCK_STREAM)), port_(own_port(listener_)) {
  if (::listen(listener_, 4) != 0) throw std::runtime_error("nobody can listen");
  thread_ = std::thread([this] { run(); });
}

CutLine::~CutLine() {
  stopping_ = true;
  thread_.join();
  if (listener_ >= 0) ::close(listener_);
}

void CutLine::run() {
  while (!stopping_ && !cut_) {
    if (!readable(listener_, kLookMs)) continue;
    const int caller = ::accept(listener_, nullptr, nullptr);
    const int answerer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in there = loopback(answerer_port_);
    if (::connect(answerer, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0) carry(caller, answerer);
    tear(caller);
    tear(answerer);
  }
  ::close(listener_);
  listener_ = -1;
}

void CutLine::carry(int caller, int answerer) {
  while (!stopping_ && left_ > 0) {
    pollfd either[2] = {{caller, POLLIN, 0}, {answerer, POLLIN, 0}};
    if (::poll(either, 2, kLookMs) <= 0) continue;
    if (either[0].revents != 0) {
      const std::size_t moved = move(caller, answerer, left_);
      if (moved == 0) return;
      left_ -= moved;
    }
    if (either[1].revents != 0 && move(answerer, caller, SIZE_MAX) == 0) return;
  }
  cut_ = left_ == 0;
}

}  // namespace satchel::tests
