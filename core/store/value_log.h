#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// Where a large value lies in a value log.
struct ValuePlace {
  std::uint32_t file = 0;
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t checksum = 0;  ///< CRC32C of the value

  static constexpr std::size_t kSize = 4 + 8 + 4 + 4;
  auto operator<=>(const ValuePlace&) const = default;
};

/// Large values beside a database that keeps only their places: appended to plain files, never changed there, and dropped with
/// their whole file. (WiscKey, Lu et al., FAST 2016. A database writes every value to its log and once more to a table.) The
/// files hold values and nothing else; what lives is what the database still has the place of.
/// One process may write, any thread may call.
class ValueLog {
 public:
  enum class Mode { read_write, read_only };

  /// Touches nothing: `folder` is made by the first append().
  ValueLog(std::string folder, Mode mode);
  ValueLog(const ValueLog&) = delete;
  ValueLog& operator=(const ValueLog&) = delete;
  ~ValueLog();

  /// Writes `values` one behind the other and gives their places, in that order. A kill takes none of them, a power cut may take
  /// any until sync() has returned. kDiskFull, kStoreIo: nothing is written.
  Result<std::vector<ValuePlace>> append(std::span<const ByteView> values);
  /// Whatever append() had written before this call survives a power cut. kDiskFull, kStoreIo; and kStoreIo from then on to every
  /// append() and sync(), since the system may have let go of what it could not write.
  Result<void> sync();

  /// Syncs what an earlier process may have left in the system's memory, too. As sync().
  Result<void> settle();

  /// kStoreDamaged when the value is not there, or not as it was written; kStoreIo.
  Result<Bytes> read(const ValuePlace& place) const;

  /// Files and their sizes, but for the one that append() goes on with and those that are dropped.
  Result<std::map<std::uint32_t, std::uint64_t>> closed_files() const;
  /// append() begins a new file from here on. As sync().
  Result<void> begin_new_file();

  /// While this is held, no file is removed that was there when it was taken.
  std::shared_ptr<const void> hold() const;
  /// Removes `files` (of which no place is in the database any more), as soon as nobody holds them.
  void drop(std::vector<std::uint32_t> files);

 private:
  class Active;
  class Reading;
  struct Holding;

  Result<std::shared_ptr<const Reading>> file_to_read(std::uint32_t file) const;
  Result<void> find_last();
  Result<void> make_file();

  const std::string folder_;
  const Mode mode_;
  mutable std::mutex guard_;        ///< of all below; never held while the disk syncs
  bool looked_ = false;             ///< for the last file of an earlier process
  std::shared_ptr<Active> active_;  ///< that append() goes on with; null: it makes a new one
  std::uint32_t next_file_ = 1;     ///< number of the file that is made next
  std::uint64_t end_ = 0;           ///< of the active file
  std::uint64_t synced_ = 0;        ///< up to where it is synced
  bool failed_ = false;
  mutable std::map<std::uint32_t, std::shared_ptr<const Reading>> open_;  ///< to read; a few
  std::set<std::uint32_t> dropped_;
  std::shared_ptr<Holding> holding_;
};

void put_place(ByteWriter& out, const ValuePlace& place);
/// Of exactly ValuePlace::kSize bytes.
ValuePlace read_place(ByteReader& in);

}  // namespace satchel::core
