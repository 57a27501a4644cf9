#include "node/system_disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace satchel::node {
namespace {

using core::AppendFile;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::DiskEntry;
using core::Error;
using core::Result;

Error from_errno(int error, Code otherwise) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return {Code::kFileMissing, {}};
    case EISDIR: return {Code::kFileIsFolder, {}};
    case EEXIST: return {Code::kFileExists, {}};
    case ENOSPC:
    case EDQUOT: return {Code::kDiskFull, {}};
    default: return {otherwise, std::strerror(error)};
  }
}

/// Where a file is made, what is missing is its folder.
Error from_making_errno(int error) {
  if (error == ENOENT || error == ENOTDIR) return {Code::kFolderMissing, {}};
  return from_errno(error, Code::kDiskWrite);
}

/// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  Fd& operator=(Fd&&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

Result<void> write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return from_errno(errno, Code::kDiskWrite);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> sync_fd(int fd) {
  if (::fsync(fd) != 0) return from_errno(errno, Code::kDiskWrite);
  return {};
}

Result<Bytes> read_some(int fd, std::uint64_t offset, std::size_t n) {
  Bytes out(n);
  std::size_t have = 0;
  while (have < n) {
    const ssize_t got = ::pread(fd, out.data() + have, n - have, static_cast<off_t>(offset + have));
    if (got < 0) {
      if (errno == EINTR) continue;
      return from_errno(errno, Code::kFileUnreadable);
    }
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  out.resize(have);
  return out;
}

/// Opens for reading; a folder, a device or a pipe is refused before anything can block on it.
Result<Fd> open_to_read(const std::string& path, struct stat& about) {
  Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!fd.ok()) return from_errno(errno, Code::kFileUnreadable);
  if (::fstat(fd.get(), &about) != 0) return from_errno(errno, Code::kFileUnreadable);
  if (S_ISDIR(about.st_mode)) return Code::kFileIsFolder;
  if (!S_ISREG(about.st_mode)) return Error{Code::kFileUnreadable, "not an ordinary file"};
  return fd;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

class PosixAppendFile final : public AppendFile {
 public:
  explicit PosixAppendFile(Fd fd) : fd_(std::move(fd)) {}
  Result<void> append(ByteView bytes) override { return write_all(fd_.get(), bytes); }
  Result<void> sync() override { return sync_fd(fd_.get()); }

 private:
  Fd fd_;
};

}  // namespace

Result<Bytes> SystemDisk::read(const std::string& path, std::uint64_t max_bytes) const {
  struct stat about {};
  SATCHEL_TRY_ASSIGN(const Fd fd, open_to_read(path, about));
  if (static_cast<std::uint64_t>(about.st_size) > max_bytes) {
    return Error{Code::kFileTooLarge, std::to_string(about.st_size) + " > " + std::to_string(max_bytes) + " bytes"};
  }
  return read_some(fd.get(), 0, static_cast<std::size_t>(about.st_size));
}

Result<Bytes> SystemDisk::read_at(const std::string& path, std::uint64_t offset, std::size_t n) const {
  struct stat about {};
  SATCHEL_TRY_ASSIGN(const Fd fd, open_to_read(path, about));
  const auto size = static_cast<std::uint64_t>(about.st_size);
  if (offset >= size) return Bytes{};
  return read_some(fd.get(), offset, static_cast<std::size_t>(std::min<std::uint64_t>(n, size - offset)));
}

Result<void> SystemDisk::write_atomic(const std::string& path, ByteView bytes, bool secret) {
  const std::string temporary = path + ".new";
  // A leftover of a kill, or a link that a stranger laid on a stick: it must never be written through.
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) return from_making_errno(errno);
  {
    const Fd fd{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, secret ? 0600 : 0644)};
    if (!fd.ok()) return from_making_errno(errno);
    auto written = write_all(fd.get(), bytes);
    if (written) written = sync_fd(fd.get());
    if (!written) {
      ::unlink(temporary.c_str());
      return written;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = from_errno(errno, Code::kDiskWrite);
    ::unlink(temporary.c_str());
    return error;
  }
  return sync_folder(folder_of(path));
}

Result<std::unique_ptr<AppendFile>> SystemDisk::create(const std::string& path) {
  Fd fd{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644)};
  if (!fd.ok()) return from_making_errno(errno);
  return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(std::move(fd)));
}

Result<void> SystemDisk::make_folder(const std::string& path) {
  for (std::size_t at = 1; at <= path.size(); ++at) {
    if (at != path.size() && path[at] != '/') continue;
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), 0755) == 0) {
      SATCHEL_TRY(sync_folder(folder_of(part)));
    } else if (errno != EEXIST) {
      return errno == ENOTDIR ? Error{Code::kFileExists, part} : from_making_errno(errno);
    }
  }
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) return Error{Code::kFileExists, path + " is no folder"};
  return {};
}

Result<void> SystemDisk::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return from_errno(errno, Code::kDiskWrite);
  return {};
}

Result<void> SystemDisk::sync_folder(const std::string& folder) {
  const Fd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd.ok()) return from_errno(errno, Code::kDiskWrite);
  // Some file systems of sticks cannot sync a folder (EINVAL): there the files' own syncs are all there is.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) return from_errno(errno, Code::kDiskWrite);
  return {};
}

Result<std::vector<DiskEntry>> SystemDisk::list(const std::string& folder) const {
  DIR* dir = ::opendir(folder.c_str());
  if (dir == nullptr) return errno == ENOENT ? Error{Code::kFolderMissing, {}} : from_errno(errno, Code::kFileUnreadable);
  std::vector<DiskEntry> out;
  while (const dirent* entry = ::readdir(dir)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    struct stat about {};
    if (::fstatat(::dirfd(dir), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISDIR(about.st_mode) && !S_ISREG(about.st_mode)) continue;  // links and devices on a stick are not followed
    out.push_back({name, S_ISDIR(about.st_mode), static_cast<std::uint64_t>(about.st_size)});
  }
  ::closedir(dir);
  std::ranges::sort(out, {}, &DiskEntry::name);
  return out;
}

bool SystemDisk::exists(const std::string& path) const {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0;
}

Result<void> SystemDisk::forget_cached(const std::string& path) const {
  struct stat about {};
  SATCHEL_TRY_ASSIGN(const Fd fd, open_to_read(path, about));
  // Only clean pages go. A file system that keeps none, or keeps nothing else (tmpfs), has nothing to say to this.
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
  return {};
}

Result<std::uint64_t> SystemDisk::free_bytes(const std::string& folder) const {
  struct statvfs about {};
  if (::statvfs(folder.c_str(), &about) != 0) return from_errno(errno, Code::kFileUnreadable);
  return static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
}

}  // namespace satchel::node
