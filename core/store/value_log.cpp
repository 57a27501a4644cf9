#include "core/store/value_log.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "core/base/check.h"
#include "core/store/rocks_status.h"
#include "core/store/rocks_store_checksum.h"

namespace satchel::core {
namespace {

using Status = rocksdb::Status;

/// A file is dropped as a whole: larger ones are copied for less reason, smaller ones are more of them.
constexpr std::uint64_t kFileMax = 64ULL * 1024 * 1024;
/// An old PC has few descriptors to give.
constexpr std::size_t kOpenMax = 16;
constexpr std::string_view kSuffix = ".values";

/// The files are RocksDB's kind of files: synced, reported and tried out (a full disk, a failing one) as its own are.
rocksdb::Env& env() { return *rocksdb::Env::Default(); }

rocksdb::EnvOptions plain() {
  rocksdb::EnvOptions out;
  out.use_mmap_reads = out.use_mmap_writes = false;  // a mapped file tells of a full disk by a signal
  return out;
}

std::optional<std::uint32_t> number_in(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  const std::string_view digits = name.substr(0, name.size() - kSuffix.size());
  std::uint32_t out = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size() || out == 0) return std::nullopt;
  return out;
}

std::string path_of(const std::string& folder, std::uint32_t file) {
  const std::string digits = std::to_string(file);
  return folder + "/" + std::string(6 - std::min<std::size_t>(6, digits.size()), '0') + digits + std::string(kSuffix);
}

Result<void> done(const Status& status) {
  if (!status.ok()) return to_error(status, Code::kStoreIo);
  return {};
}

Result<std::vector<std::uint32_t>> files_in(const std::string& folder) {
  std::vector<std::string> names;
  const Status listed = env().GetChildren(folder, &names);
  std::vector<std::uint32_t> out;
  if (listed.IsNotFound()) return out;
  SATCHEL_TRY(done(listed));
  for (const std::string& name : names) {
    if (const auto number = number_in(name)) out.push_back(*number);
  }
  return out;
}

Result<std::uint64_t> size_of(const std::string& path) {
  std::uint64_t out = 0;
  SATCHEL_TRY(done(env().GetFileSize(path, &out)));
  return out;
}

/// So that what was made or removed in it stays so.
Result<void> sync_folder(const std::string& folder) {
  std::unique_ptr<rocksdb::Directory> opened;
  SATCHEL_TRY(done(env().NewDirectory(folder, &opened)));
  return done(opened->Fsync());
}

}  // namespace

/// The file that append() goes on with.
class ValueLog::Active {
 public:
  Active(std::uint32_t number, std::unique_ptr<rocksdb::WritableFile> file) : number_(number), file_(std::move(file)) {}
  std::uint32_t number() const { return number_; }
  Result<void> append(ByteView value) {
    const auto lock = alone();
    return done(file_->Append(slice(value)));
  }
  /// Beside an append, where the system can.
  Result<void> sync() {
    const auto lock = alone();
    return done(file_->Sync());
  }

 private:
  std::unique_lock<std::mutex> alone() {
    return file_->IsSyncThreadSafe() ? std::unique_lock<std::mutex>{} : std::unique_lock{one_at_a_time_};
  }
  std::uint32_t number_;
  std::unique_ptr<rocksdb::WritableFile> file_;
  std::mutex one_at_a_time_;
};

class ValueLog::Reading {
 public:
  explicit Reading(std::unique_ptr<rocksdb::RandomAccessFile> file) : file_(std::move(file)) {}
  /// Fewer only at the end of the file.
  Result<Bytes> read(std::uint64_t offset, std::size_t size) const {
    Bytes out(size);
    if (size == 0) return out;  // RocksDB takes reading nothing for a failure
    rocksdb::Slice got;
    auto* const room = reinterpret_cast<char*>(out.data());
    SATCHEL_TRY(done(file_->Read(offset, size, &got, room)));
    if (got.data() != room) std::ranges::copy(view(got), out.begin());
    out.resize(got.size());
    return out;
  }

 private:
  std::unique_ptr<rocksdb::RandomAccessFile> file_;
};

/// What is dropped goes when everything that was held before has gone: each holding keeps the next one, so that files which are
/// given to one are removed after all earlier ones have ended.
struct ValueLog::Holding {
  explicit Holding(std::string of) : folder(std::move(of)) {}
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() {
    if (dropped.empty()) return;
    for (const std::uint32_t file : dropped) [[maybe_unused]] const Status removed = env().DeleteFile(path_of(folder, file));
    // What comes back after a power cut is of no use to anyone, and is dropped the next time.
    static_cast<void>(sync_folder(folder));
  }
  std::string folder;
  std::vector<std::uint32_t> dropped;
  std::shared_ptr<Holding> next;
};

void put_place(ByteWriter& out, const ValuePlace& place) {
  out.u32(place.file).u64(place.offset).u32(place.size).u32(place.checksum);
}

ValuePlace read_place(ByteReader& in) {
  ValuePlace out;
  out.file = in.u32();
  out.offset = in.u64();
  out.size = in.u32();
  out.checksum = in.u32();
  return out;
}

ValueLog::ValueLog(std::string folder, Mode mode)
    : folder_(std::move(folder)), mode_(mode), holding_(std::make_shared<Holding>(folder_)) {}

ValueLog::~ValueLog() = default;

/// An earlier process may have been killed before it synced the last file; all others are synced when they are closed.
Result<void> ValueLog::find_last() {
  if (looked_) return {};
  SATCHEL_TRY_ASSIGN(const auto files, files_in(folder_));
  const std::uint32_t last = files.empty() ? 0 : std::ranges::max(files);
  if (last > 0) {
    const std::string path = path_of(folder_, last);
    std::unique_ptr<rocksdb::WritableFile> opened;
    SATCHEL_TRY(done(env().ReopenWritableFile(path, &opened, plain())));
    SATCHEL_TRY_ASSIGN(end_, size_of(path));
    synced_ = 0;
    active_ = std::make_shared<Active>(last, std::move(opened));
  }
  next_file_ = last + 1;
  looked_ = true;
  return {};
}

Result<void> ValueLog::make_file() {
  SATCHEL_TRY(done(env().CreateDirIfMissing(folder_)));
  const std::string path = path_of(folder_, next_file_);
  std::unique_ptr<rocksdb::WritableFile> opened;
  SATCHEL_TRY(done(env().NewWritableFile(path, &opened, plain())));
  SATCHEL_TRY(sync_folder(folder_));
  SATCHEL_TRY(sync_folder(folder_.substr(0, folder_.rfind('/'))));
  active_ = std::make_shared<Active>(next_file_, std::move(opened));
  ++next_file_;
  end_ = synced_ = 0;
  return {};
}

Result<std::vector<ValuePlace>> ValueLog::append(std::span<const ByteView> values) {
  SATCHEL_CHECK(mode_ == Mode::read_write);
  std::vector<ValuePlace> out;
  if (values.empty()) return out;
  out.reserve(values.size());
  for (const ByteView value : values) out.push_back({0, 0, static_cast<std::uint32_t>(value.size()), crc32c(value)});
  bool full = false;
  {
    const std::lock_guard lock{guard_};
    SATCHEL_TRY(find_last());
    full = active_ && end_ >= kFileMax;
  }
  if (full) SATCHEL_TRY(begin_new_file());

  const std::lock_guard lock{guard_};
  if (failed_) return Error{Code::kStoreIo, "an earlier write failed"};
  if (!active_) SATCHEL_TRY(make_file());
  for (std::size_t i = 0; i < values.size(); ++i) {
    out[i].file = active_->number();
    out[i].offset = end_;
    if (const auto written = active_->append(values[i]); !written) {
      // The next one goes behind whatever a failed write has left.
      const auto size = size_of(path_of(folder_, active_->number()));
      failed_ = !size;
      if (size) end_ = *size;
      return written.error();
    }
    end_ += values[i].size();
  }
  return out;
}

Result<void> ValueLog::sync() {
  std::shared_ptr<Active> file;
  std::uint64_t reach = 0;
  {
    const std::lock_guard lock{guard_};
    if (failed_) return Error{Code::kStoreIo, "an earlier write failed"};
    if (!active_ || synced_ == end_) return {};
    file = active_;
    reach = end_;
  }
  const auto synced = file->sync();
  const std::lock_guard lock{guard_};
  if (!synced) {
    failed_ = true;
    return synced.error();
  }
  if (active_ == file) synced_ = std::max(synced_, reach);
  return {};
}

Result<void> ValueLog::settle() {
  {
    const std::lock_guard lock{guard_};
    SATCHEL_TRY(find_last());
  }
  return sync();
}

Result<void> ValueLog::begin_new_file() {
  SATCHEL_TRY(settle());
  const std::lock_guard lock{guard_};
  if (active_ && synced_ == end_) active_.reset();
  return {};
}

Result<std::shared_ptr<const ValueLog::Reading>> ValueLog::file_to_read(std::uint32_t file) const {
  const std::lock_guard lock{guard_};
  if (const auto found = open_.find(file); found != open_.end()) return found->second;
  std::unique_ptr<rocksdb::RandomAccessFile> opened;
  const Status status = env().NewRandomAccessFile(path_of(folder_, file), &opened, plain());
  if (status.IsPathNotFound() || status.IsNotFound()) return Error{Code::kStoreDamaged, "a file of large values is missing"};
  SATCHEL_TRY(done(status));
  std::shared_ptr<const Reading> out = std::make_shared<Reading>(std::move(opened));
  if (dropped_.contains(file)) return out;  // kept open it would keep its place on the disk
  if (open_.size() >= kOpenMax) open_.erase(open_.begin());
  return open_[file] = std::move(out);
}

Result<Bytes> ValueLog::read(const ValuePlace& place) const {
  SATCHEL_TRY_ASSIGN(const auto file, file_to_read(place.file));
  SATCHEL_TRY_ASSIGN(Bytes out, file->read(place.offset, place.size));
  if (out.size() != place.size) return Error{Code::kStoreDamaged, "a large value ends early"};
  if (crc32c(out) != place.checksum) return Error{Code::kStoreDamaged, "a large value does not fit its checksum"};
  return out;
}

Result<std::map<std::uint32_t, std::uint64_t>> ValueLog::closed_files() const {
  std::uint32_t active = 0;
  std::set<std::uint32_t> dropped_now;
  {
    const std::lock_guard lock{guard_};
    if (active_) active = active_->number();
    dropped_now = dropped_;
  }
  SATCHEL_TRY_ASSIGN(const auto files, files_in(folder_));
  std::map<std::uint32_t, std::uint64_t> out;
  for (const std::uint32_t file : files) {
    if (file == active || dropped_now.contains(file)) continue;
    SATCHEL_TRY_ASSIGN(out[file], size_of(path_of(folder_, file)));
  }
  return out;
}

std::shared_ptr<const void> ValueLog::hold() const {
  const std::lock_guard lock{guard_};
  return holding_;
}

void ValueLog::drop(std::vector<std::uint32_t> files) {
  std::shared_ptr<Holding> ended;  // its end removes files: not while others wait
  const std::lock_guard lock{guard_};
  for (const std::uint32_t file : files) open_.erase(file);
  dropped_.insert(files.begin(), files.end());
  holding_->dropped = std::move(files);
  holding_->next = std::make_shared<Holding>(folder_);
  ended = std::exchange(holding_, holding_->next);
}

}  // namespace satchel::core
