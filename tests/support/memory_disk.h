#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/check.h"
#include "core/base/disk.h"
#include "core/base/rng.h"

namespace satchel::tests {

/// A Disk in memory with the failures of a real one: it fills up, the n-th write fails, a power cut forgets or tears what was not
/// synced. A file's bytes are durable after AppendFile::sync(), its being there (or gone) after sync_folder(); write_atomic() is
/// durable at once. One thread only; it must outlive the AppendFiles that it made.
class MemoryDisk final : public core::Disk {
 public:
  /// The n-th write from now (1 = the next; append, sync, write_atomic, create, make_folder, remove and sync_folder count) fails
  /// with `code`, as do all after it until cleared with 0. A failing append leaves half of its bytes behind.
  void fail_from_write(std::size_t n, core::Code code = core::Code::kDiskFull) {
    fail_in_ = n;
    fail_code_ = code;
  }
  std::size_t writes() const { return writes_; }  ///< so far: the bound for trying "the n-th write fails" for every n
  void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }

  /// A stick that says that it is larger than it is: bytes beyond the first `real` of all that is ever written are lost, or go
  /// over the first ones. The computer's memory hides it until forget_cached(), or until the stick is plugged in elsewhere.
  enum class Fake { drops, wraps };
  void make_fake(std::size_t real, Fake how) {
    fake_ = how;
    cells_.assign(real, 0);
  }
  void plug_in_elsewhere() {
    for (auto& [path, file] : files_) show_cells(file);
  }

  /// A power cut. With `tear`, a random part of each unsynced tail stays, its last byte possibly wrong.
  void crash(core::Rng* tear = nullptr) {
    for (auto at = files_.begin(); at != files_.end();) {
      File& file = at->second;
      if (tear != nullptr && file.bytes.size() > file.synced) {
        file.synced += tear->u64() % (file.bytes.size() - file.synced + 1);
        if (file.synced > 0 && file.entry_durable && tear->u64() % 2 == 0 && file.synced > file.sure) {
          file.bytes[file.synced - 1] ^= static_cast<std::uint8_t>(tear->u64());
        }
      }
      file.bytes.resize(file.synced);
      file.sure = file.synced;
      at = file.entry_durable ? std::next(at) : files_.erase(at);
    }
    for (auto& [path, file] : removed_) files_.insert_or_assign(path, std::move(file));
    removed_.clear();
  }

  /// The bytes of an existing file, to damage them.
  core::Bytes& raw(const std::string& path) {
    SATCHEL_CHECK(files_.contains(path));
    return files_.at(path).bytes;
  }

  core::Result<core::Bytes> read(const std::string& path, std::uint64_t max_bytes) const override {
    const auto at = files_.find(path);
    if (at == files_.end()) return folders_.contains(path) ? core::Code::kFileIsFolder : core::Code::kFileMissing;
    if (at->second.bytes.size() > max_bytes) return core::Code::kFileTooLarge;
    return at->second.bytes;
  }

  core::Result<core::Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const override {
    const auto at = files_.find(path);
    if (at == files_.end()) return folders_.contains(path) ? core::Code::kFileIsFolder : core::Code::kFileMissing;
    const core::ByteView all{at->second.bytes};
    const std::size_t from = static_cast<std::size_t>(std::min<std::uint64_t>(offset, all.size()));
    return core::to_bytes(all.subspan(from, std::min(n, all.size() - from)));
  }

  core::Result<void> write_atomic(const std::string& path, core::ByteView bytes, bool = false) override {
    SATCHEL_TRY(writable(bytes.size()));
    if (!folder_is_there(path)) return core::Code::kFileMissing;
    removed_.erase(path);
    File& file = files_.insert_or_assign(path, File{core::to_bytes(bytes), bytes.size(), bytes.size(), true, {}}).first->second;
    fill_cells(file, bytes);
    return {};
  }

  core::Result<std::unique_ptr<core::AppendFile>> create(const std::string& path) override {
    SATCHEL_TRY(writable(0));
    if (!folder_is_there(path)) return core::Code::kFileMissing;
    if (files_.contains(path)) return core::Code::kFileExists;
    files_[path] = File{};
    return std::unique_ptr<core::AppendFile>{std::make_unique<Appender>(*this, path)};
  }

  core::Result<void> make_folder(const std::string& path) override {
    SATCHEL_TRY(writable(0));
    if (files_.contains(path)) return core::Code::kDiskWrite;
    for (std::string part = path; !part.empty() && part != "/" && part != "."; part = parent(part)) folders_.insert(part);
    return {};
  }

  core::Result<void> remove(const std::string& path) override {
    SATCHEL_TRY(writable(0));
    const auto at = files_.find(path);
    if (at == files_.end()) return core::Code::kFileMissing;
    if (at->second.entry_durable) removed_.insert_or_assign(path, std::move(at->second));
    files_.erase(at);
    return {};
  }

  core::Result<void> sync_folder(const std::string& folder) override {
    SATCHEL_TRY(writable(0));
    for (auto& [path, file] : files_) {
      if (parent(path) == folder) file.entry_durable = true;
    }
    std::erase_if(removed_, [&folder](const auto& entry) { return parent(entry.first) == folder; });
    return {};
  }

  core::Result<std::vector<core::DiskEntry>> list(const std::string& folder) const override {
    std::map<std::string, core::DiskEntry> found;
    for (const auto& [path, file] : files_) {
      if (parent(path) == folder) found[name(path)] = {name(path), false, file.bytes.size()};
    }
    for (const std::string& path : folders_) {
      if (parent(path) == folder) found[name(path)] = {name(path), true, 0};
    }
    if (found.empty() && !folders_.contains(folder)) return core::Code::kFolderMissing;
    std::vector<core::DiskEntry> out;
    for (auto& [key, entry] : found) out.push_back(std::move(entry));
    return out;
  }

  bool exists(const std::string& path) const override { return files_.contains(path) || folders_.contains(path); }

  core::Result<void> forget_cached(const std::string& path) const override {
    const auto at = files_.find(path);
    if (at == files_.end()) return core::Code::kFileMissing;
    show_cells(at->second);
    return {};
  }

  core::Result<std::uint64_t> free_bytes(const std::string&) const override { return capacity_ - std::min(capacity_, used()); }

 private:
  struct File {
    core::Bytes bytes;
    std::size_t synced = 0;  ///< how many bytes a power cut leaves
    std::size_t sure = 0;    ///< how many of them were synced by their writer and so are never torn
    bool entry_durable = false;
    std::vector<std::size_t> cells;  ///< of a fake stick: where each byte went
  };

  void fill_cells(File& file, core::ByteView bytes) {
    if (!fake_) return;
    for (const std::uint8_t byte : bytes) {
      file.cells.push_back(next_cell_++);
      if (file.cells.back() < cells_.size() || *fake_ == Fake::wraps) cells_[file.cells.back() % cells_.size()] = byte;
    }
  }
  void show_cells(File& file) const {
    if (!fake_) return;
    for (std::size_t i = 0; i < file.cells.size(); ++i) {
      const bool there = file.cells[i] < cells_.size() || *fake_ == Fake::wraps;
      file.bytes[i] = there ? cells_[file.cells[i] % cells_.size()] : std::uint8_t{0};
    }
  }

  class Appender final : public core::AppendFile {
   public:
    Appender(MemoryDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
    core::Result<void> append(core::ByteView bytes) override {
      const core::Result<void> fits = disk_.writable(bytes.size());
      const auto at = disk_.files_.find(path_);
      if (at == disk_.files_.end()) return core::Code::kDiskWrite;
      const core::ByteView taken = fits ? bytes : bytes.first(bytes.size() / 2);
      core::append(at->second.bytes, taken);
      disk_.fill_cells(at->second, taken);
      return fits;
    }
    core::Result<void> sync() override {
      SATCHEL_TRY(disk_.writable(0));
      const auto at = disk_.files_.find(path_);
      if (at == disk_.files_.end()) return core::Code::kDiskWrite;
      at->second.synced = at->second.sure = at->second.bytes.size();
      return {};
    }

   private:
    MemoryDisk& disk_;
    std::string path_;
  };

  static std::string parent(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    if (slash == std::string::npos) return {};
    return slash == 0 ? "/" : path.substr(0, slash);
  }
  static std::string name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }
  bool folder_is_there(const std::string& path) const {
    const std::string folder = parent(path);
    return folder.empty() || folder == "/" || folders_.contains(folder);
  }

  std::uint64_t used() const {
    std::uint64_t out = 0;
    for (const auto& [path, file] : files_) out += file.bytes.size();
    return out;
  }

  core::Result<void> writable(std::size_t more) {
    ++writes_;
    if (fail_in_ == 1) return fail_code_;
    if (fail_in_ > 1) --fail_in_;
    if (used() + more > capacity_) return core::Code::kDiskFull;
    return {};
  }

  mutable std::map<std::string, File> files_;  ///< mutable: forgetting what was cached shows what is really there
  std::map<std::string, File> removed_;        ///< taken out, but back after a power cut
  std::set<std::string> folders_;
  std::uint64_t capacity_ = 1ULL << 40;
  std::size_t fail_in_ = 0;
  std::size_t writes_ = 0;
  core::Code fail_code_ = core::Code::kDiskFull;
  std::optional<Fake> fake_;
  core::Bytes cells_;
  std::size_t next_cell_ = 0;
};

}  // namespace satchel::tests
