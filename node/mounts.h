#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace satchel::node {

/// One line of /proc/self/mountinfo (proc(5)).
struct Mount {
  std::string folder;
  std::string device;  ///< "8:17": major and minor number
  std::string type;    ///< "vfat"
  std::string source;  ///< "/dev/sdb1"
};

/// Lines that are none are passed over. Escapes (\040 for a blank) are resolved.
std::vector<Mount> parse_mountinfo(std::string_view text);
std::vector<Mount> mounts();

/// A USB stick or a card, as far as the kernel says: its disk is removable, or hangs on USB.
bool on_removable_disk(const Mount& mount);
std::vector<Mount> mounted_sticks();

/// Waits until something was mounted or unmounted, or `most_ms` have passed.
class MountWatch {
 public:
  MountWatch();
  ~MountWatch();
  MountWatch(const MountWatch&) = delete;
  MountWatch& operator=(const MountWatch&) = delete;
  void wait(int most_ms);

 private:
  int fd_;
};

/// Writes out what the system still holds for the file system at `folder`; false when the device is gone or failed.
bool sync_file_system(const std::string& folder);
/// Empty when it was unmounted, else why not.
std::string unmount(const std::string& folder);

}  // namespace satchel::node
