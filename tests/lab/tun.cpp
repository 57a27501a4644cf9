#include "tests/lab/tun.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace satchel::lab {

namespace {

/// Larger than any MTU that a TUN device takes.
constexpr std::size_t kPacketMost = 65'536;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC)) {
    if (value_ < 0) fail(path);
  }
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  int release() {
    const int out = value_;
    value_ = -1;
    return out;
  }

 private:
  int value_;
};

/// In another network namespace while it lives.
class Visit {
 public:
  explicit Visit(const std::string& space) : home_("/proc/thread-self/ns/net", O_RDONLY) {
    const Descriptor there("/run/netns/" + space, O_RDONLY);
    if (::setns(there.get(), CLONE_NEWNET) != 0) fail("network namespace " + space);
  }
  ~Visit() {
    if (::setns(home_.get(), CLONE_NEWNET) != 0) std::terminate();
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  Descriptor home_;
};

}  // namespace

Tun::Tun(const std::string& space, const std::string& device) {
  const Visit visit(space);
  Descriptor tun("/dev/net/tun", O_RDWR | O_NONBLOCK);
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (device.size() >= sizeof request.ifr_name) throw std::system_error(ENAMETOOLONG, std::generic_category(), device);
  std::memcpy(request.ifr_name, device.data(), device.size());
  if (::ioctl(tun.get(), TUNSETIFF, &request) != 0) fail("TUN device " + device);
  descriptor_ = tun.release();
}

Tun::~Tun() { ::close(descriptor_); }

std::optional<Packet> Tun::read() {
  Packet packet(kPacketMost);
  const ssize_t size = ::read(descriptor_, packet.data(), packet.size());
  if (size < 0) {
    if (errno == EAGAIN || errno == EINTR || errno == EIO) return std::nullopt;  // EIO: the device is down
    fail("reading a packet");
  }
  packet.resize(static_cast<std::size_t>(size));
  packet.shrink_to_fit();
  return packet;
}

bool Tun::write(const Packet& packet) {
  return ::write(descriptor_, packet.data(), packet.size()) == static_cast<ssize_t>(packet.size());
}

}  // namespace satchel::lab
