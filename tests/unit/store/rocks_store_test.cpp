#include "core/store/rocks_store.h"

#include <rocksdb/db.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"

using namespace satchel::core;
using satchel::tests::copy_folder;
using satchel::tests::files_below;
using satchel::tests::read_file;
using satchel::tests::Scratch;
using satchel::tests::SeededRng;
using satchel::tests::write_file;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<Store> open(const fs::path& folder) { return open_rocks_store(folder, OpenMode::read_write).value(); }

Code refusal(const fs::path& folder, OpenMode mode) {
  const auto opened = open_rocks_store(folder, mode);
  REQUIRE_FALSE(opened.has_value());
  return opened.error().code;
}

Bytes key_of(std::uint32_t n) { return ByteWriter{}.u32_be(n).bytes(); }

/// The n-th of a row of values that a test can make again; every fourth is large enough for the value log.
Bytes value_of(std::uint32_t n) {
  SeededRng rng{n};
  Bytes out(n % 4 == 0 ? 5000 : 100);
  rng.fill(out);
  return out;
}

void write_row(Store& store, std::uint32_t from, std::uint32_t to, Durability durability) {
  for (std::uint32_t n = from; n < to; ++n) {
    WriteBatch batch;
    batch.put(key_of(n), value_of(n));
    REQUIRE(store.commit(batch, durability).has_value());
  }
}

/// How many values of the row are there, when they are a gapless beginning of it and all right.
std::uint32_t row_length(const Store& store) {
  std::uint32_t n = 0;
  const auto done = store.scan({}, {}, [&](ByteView key, ByteView value) {
    const bool fits = same_bytes(key, key_of(n)) && same_bytes(value, value_of(n));
    CHECK(fits);
    ++n;
    return fits;
  });
  CHECK(done.has_value());
  return n;
}

fs::path newest(const fs::path& folder, const std::string& extension) {
  fs::path out;
  for (const fs::path& file : files_below(folder)) {
    if (file.extension() == extension && fs::file_size(file) > 0) out = file;
  }
  REQUIRE_FALSE(out.empty());
  return out;
}

/// Writes tables.
void make_tables(const fs::path& folder, std::uint32_t values) {
  const auto store = open(folder);
  write_row(*store, 0, values, Durability::later);
  REQUIRE(store->reclaim({}).has_value());
}

/// Opens the database in `folder` and reads all. True when nothing was wrong; what is read must be right in any case.
bool reads_whole(const fs::path& folder, std::uint32_t values) {
  const auto opened = open_rocks_store(folder, OpenMode::read_only);
  if (!opened) {
    CHECK((opened.error().code == Code::kStoreDamaged || opened.error().code == Code::kStoreOpen));
    return false;
  }
  bool whole = true;
  for (std::uint32_t n = 0; n < values; ++n) {
    const auto value = (*opened)->get(key_of(n));
    if (!value) {
      CHECK(value.error().code == Code::kStoreDamaged);
      whole = false;
    } else if (*value) {
      CHECK(**value == value_of(n));
    } else {
      whole = false;
    }
  }
  return whole;
}

}  // namespace

TEST_CASE("a database opened again holds what was committed") {
  const Scratch scratch;
  for (std::uint32_t round = 0; round < 12; ++round) {
    const auto store = open(scratch / "db");
    CHECK(row_length(*store) == round * 50);
    write_row(*store, round * 50, round * 50 + 50, Durability::later);
  }
  CHECK(row_length(*open(scratch / "db")) == 600);
}

TEST_CASE("a killed process loses nothing that was committed") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 40, Durability::later);
  copy_folder(scratch / "db", scratch / "copy");
  CHECK(row_length(*open(scratch / "copy")) == 40);
}

TEST_CASE("a log torn at any place leaves the batches before it, without a gap") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 12, Durability::synced);
  const std::uintmax_t whole = fs::file_size(newest(scratch / "db", ".log"));
  std::uint32_t shortest = 12;
  for (std::uintmax_t cut = 1; cut < whole; cut += 97) {
    copy_folder(scratch / "db", scratch / "copy");
    fs::resize_file(newest(scratch / "copy", ".log"), whole - cut);
    const std::uint32_t left = row_length(*open(scratch / "copy"));
    CHECK(left < 12);
    CHECK(left <= shortest);
    shortest = left;
  }
  CHECK(shortest == 0);
}

TEST_CASE("garbage behind the log does no harm") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 12, Durability::synced);
  copy_folder(scratch / "db", scratch / "copy");
  const fs::path log = newest(scratch / "copy", ".log");
  write_file(log, read_file(log) + std::string(333, '\x5a'));
  CHECK(row_length(*open(scratch / "copy")) == 12);
}

TEST_CASE("a changed byte amid synced batches is told, and costs at most the block of the log in which it lies") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  constexpr std::uint32_t kValues = 1600;
  write_row(*store, 0, kValues - 1, Durability::later);
  write_row(*store, kValues - 1, kValues, Durability::synced);
  const fs::path log = fs::relative(newest(scratch / "db", ".log"), scratch / "db");
  const std::string whole = read_file(scratch / "db" / log);
  REQUIRE(whole.size() > 5 * 32768);
  for (std::size_t at = whole.size() / 8; at < whole.size() * 7 / 8; at += whole.size() / 11) {
    for (const OpenMode mode : {OpenMode::read_only, OpenMode::read_write}) {
      copy_folder(scratch / "db", scratch / "copy");
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x10);
      write_file(scratch / "copy" / log, changed);
      const auto opened = open_rocks_store(scratch / "copy", mode);
      REQUIRE(opened.has_value());
      INFO("byte " << at << " of " << whole.size());
      CHECK((*opened)->salvaged());
      std::uint32_t left = 0;
      for (std::uint32_t n = 0; n < kValues; ++n) {
        const auto value = (*opened)->get(key_of(n));
        REQUIRE(value.has_value());
        if (!*value) continue;
        CHECK(**value == value_of(n));
        ++left;
      }
      CHECK(left < kValues);
      CHECK(left >= kValues - 32768 * kValues / whole.size() - 2);
    }
  }
}

TEST_CASE("what a power cut wrote behind the last synced batch goes without a word") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 12, Durability::synced);
  const fs::path log = fs::relative(newest(scratch / "db", ".log"), scratch / "db");
  const std::size_t promised = fs::file_size(scratch / "db" / log);
  write_row(*store, 12, 20, Durability::later);
  for (std::size_t at = promised + 20; at < fs::file_size(scratch / "db" / log); at += 301) {
    copy_folder(scratch / "db", scratch / "copy");
    std::string torn = read_file(scratch / "copy" / log);
    for (std::size_t i = at; i < std::min(torn.size(), at + 64); ++i) torn[i] = 0;
    write_file(scratch / "copy" / log, torn);
    const auto opened = open_rocks_store(scratch / "copy", OpenMode::read_write);
    REQUIRE(opened.has_value());
    CHECK_FALSE((*opened)->salvaged());
    const std::uint32_t left = row_length(**opened);
    CHECK(left >= 12);
    CHECK(left < 20);
  }
}

TEST_CASE("a power cut that keeps the log and takes large values leaves a gapless beginning, for good") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 12, Durability::synced);
  const fs::path values = fs::relative(newest(scratch / "db", ".values"), scratch / "db");
  const std::size_t promised = fs::file_size(scratch / "db" / values);
  write_row(*store, 12, 40, Durability::later);
  const std::size_t whole = fs::file_size(scratch / "db" / values);
  REQUIRE(whole > promised + 20'000);
  for (std::size_t at = promised; at < whole; at += 4409) {
    for (const bool cut : {true, false}) {
      copy_folder(scratch / "db", scratch / "copy");
      if (cut) {
        fs::resize_file(scratch / "copy" / values, at);
      } else {  // the system had made room for it and not written it
        std::string torn = read_file(scratch / "copy" / values);
        for (std::size_t i = at; i < std::min(torn.size(), at + 4096); ++i) torn[i] = 0;
        write_file(scratch / "copy" / values, torn);
      }
      CAPTURE(at, cut);
      // Lost is what lies from the first torn value on, which is every fourth of the row.
      const auto torn_row = static_cast<std::uint32_t>(12 + (at - promised) / 5000 * 4);
      CHECK(row_length(*open_rocks_store(scratch / "copy", OpenMode::read_only).value()) == torn_row);
      {
        const auto opened = open(scratch / "copy");
        CHECK_FALSE(opened->salvaged());
        CHECK(row_length(*opened) == torn_row);
        write_row(*opened, torn_row, 43, Durability::later);
        write_row(*opened, 43, 44, Durability::synced);
      }
      // The synced commits that have followed do not vouch for what was cut off.
      for (int again = 0; again < 2; ++again) CHECK(row_length(*open(scratch / "copy")) == 44);
    }
  }
}

TEST_CASE("a large value that was synced and is damaged is told, and takes nothing else with it") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 12, Durability::later);
  write_row(*store, 12, 13, Durability::synced);
  copy_folder(scratch / "db", scratch / "copy");
  const fs::path values = newest(scratch / "copy", ".values");
  std::string changed = read_file(values);
  changed[5100] = static_cast<char>(changed[5100] ^ 1);  // of the fourth value
  write_file(values, changed);
  const auto opened = open(scratch / "copy");
  CHECK(opened->get(key_of(4)).error().code == Code::kStoreDamaged);
  for (std::uint32_t n = 0; n < 13; ++n) {
    if (n != 4) CHECK(opened->get(key_of(n)).value() == value_of(n));
  }
}

TEST_CASE("a second opener is told that the database is busy") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  CHECK(refusal(scratch / "db", OpenMode::read_write) == Code::kStoreBusy);
}

TEST_CASE("a reader sees what was committed and cannot write") {
  const Scratch scratch;
  {
    const auto store = open(scratch / "db");
    write_row(*store, 0, 10, Durability::later);
  }
  const std::size_t files = files_below(scratch / "db").size();
  const auto reader = open_rocks_store(scratch / "db", OpenMode::read_only).value();
  CHECK(row_length(*reader) == 10);
  WriteBatch batch;
  batch.put(key_of(1), {});
  CHECK(reader->commit(batch, Durability::later).error().code == Code::kStoreOpen);
  CHECK(files_below(scratch / "db").size() == files);
}

TEST_CASE("a reader of a folder without a database is refused and makes none") {
  const Scratch scratch;
  CHECK(refusal(scratch / "none", OpenMode::read_only) == Code::kStoreOpen);
  CHECK_FALSE(fs::exists(scratch / "none"));
}

TEST_CASE("a folder whose CURRENT file is lost is not taken for a new one") {
  const Scratch scratch;
  make_tables(scratch / "db", 2000);
  fs::remove(scratch / "db" / "CURRENT");
  const std::size_t files = files_below(scratch / "db").size();
  CHECK(refusal(scratch / "db", OpenMode::read_write) == Code::kStoreDamaged);
  CHECK(files_below(scratch / "db").size() == files);
}

TEST_CASE("a flipped byte in a table or among large values is reported, never read as a value") {
  const Scratch scratch;
  constexpr std::uint32_t kValues = 1500;
  make_tables(scratch / "db", kValues);
  for (const char* extension : {".sst", ".values"}) {
    const std::string whole = read_file(newest(scratch / "db", extension));
    int found = 0;
    for (std::size_t part = 0; part < 16; ++part) {
      copy_folder(scratch / "db", scratch / "copy");
      std::string bad = whole;
      const std::size_t at = whole.size() * part / 16 + 40;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      write_file(newest(scratch / "copy", extension), bad);
      if (!reads_whole(scratch / "copy", kValues)) ++found;
    }
    CAPTURE(extension);
    CHECK(found >= 15);  // the last place may hit a filter or a footer field that no read needs
  }
  CHECK(reads_whole(scratch / "db", kValues));
}

TEST_CASE("no plain text of RocksDB's own files tells a value") {
  const Scratch scratch;
  {
    const auto store = open(scratch / "db");
    WriteBatch batch;
    batch.put(key_of(1), to_bytes(as_bytes("VALUE-THAT-MUST-NOT-BE-LOGGED")));
    REQUIRE(store->commit(batch, Durability::synced).has_value());
  }
  for (const fs::path& file : files_below(scratch / "db")) {
    if (file.filename().string().rfind("LOG", 0) == 0) CHECK(read_file(file).find("VALUE-THAT") == std::string::npos);
  }
}

TEST_CASE("what was removed is given back to the file system when it is asked for, and what stays is whole") {
  const Scratch scratch;
  const fs::path folder = scratch / "db";
  const auto size = [&] {
    std::uintmax_t out = 0;
    for (const auto& each : fs::recursive_directory_iterator{folder}) {
      if (each.is_regular_file()) out += each.file_size();
    }
    return out;
  };
  auto store = open(folder);
  constexpr std::uint32_t kMany = 2000;
  write_row(*store, 0, kMany, Durability::later);
  for (std::uint32_t round = 0; round < 5; ++round) {
    WriteBatch large;
    for (std::uint32_t n = 0; n < 40; ++n) large.put(key_of(kMany + round * 40 + n), Bytes(60'000, 7));
    REQUIRE(store->commit(large, Durability::synced));
  }
  REQUIRE(size() > 12'000'000);
  WriteBatch removed;
  for (std::uint32_t n = 0; n < kMany + 200; ++n) {
    if (n != 1) removed.remove(key_of(n));
  }
  REQUIRE(store->commit(removed, Durability::synced));
  REQUIRE(store->reclaim({}));
  CHECK(size() < 1 << 20);
  CHECK(store->get(key_of(1)).value() == value_of(1));
  store.reset();
  store = open(folder);
  CHECK(store->get(key_of(1)).value() == value_of(1));
  CHECK_FALSE(store->get(key_of(0)).value().has_value());
}

TEST_CASE("what was removed and reclaimed stands in no file of the database any more") {
  const Scratch scratch;
  const fs::path folder = scratch / "db";
  const Bytes small = value_of(1);
  const Bytes large = value_of(4);
  const auto found = [&](const Bytes& value) {
    for (const fs::path& file : files_below(folder)) {
      if (read_file(file).find(std::string(as_text(value))) != std::string::npos) return true;
    }
    return false;
  };
  {
    const auto store = open(folder);
    write_row(*store, 0, 8, Durability::synced);
    REQUIRE(found(small));
    REQUIRE(found(large));
    WriteBatch batch;
    batch.remove(key_of(1));
    batch.remove(key_of(4));
    REQUIRE(store->commit(batch, Durability::synced).has_value());
    REQUIRE(store->reclaim({}).has_value());
  }
  const auto again = open(folder);  // what the first one still held open is gone now
  CHECK_FALSE(found(small));
  CHECK_FALSE(found(large));
  CHECK(again->get(key_of(8 - 1)).value() == value_of(7));
}

TEST_CASE("what is reclaimed does not go from under a reader who began before") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 40, Durability::synced);
  const auto before = store->snapshot();
  WriteBatch batch;
  for (std::uint32_t n = 0; n < 40; n += 8) batch.remove(key_of(n));
  batch.put(key_of(4), value_of(400));
  REQUIRE(store->commit(batch, Durability::later).has_value());
  bool reclaimed = false;
  std::uint32_t seen = 0;
  const auto done = store->scan({}, {}, [&](ByteView key, ByteView value) {
    if (!std::exchange(reclaimed, true)) CHECK(store->reclaim({}).has_value());
    ByteReader in{key};
    const std::uint32_t n = in.u32_be();
    CHECK(same_bytes(value, value_of(n == 4 ? 400 : n)));
    ++seen;
    return true;
  });
  REQUIRE(done.has_value());
  CHECK(seen == 35);
  for (std::uint32_t n = 0; n < 40; ++n) {
    CHECK(before->get(key_of(n)).value() == value_of(n));
    const auto now = store->get(key_of(n)).value();
    if (n % 8 == 0) {
      CHECK_FALSE(now.has_value());
    } else {
      CHECK(now == value_of(n == 4 ? 400 : n));
    }
  }
}

TEST_CASE("a reclaim that was killed before it gave anything back does no harm, and the next one does") {
  const Scratch scratch;
  {
    const auto store = open(scratch / "db");
    write_row(*store, 0, 40, Durability::synced);
    WriteBatch batch;
    batch.remove(key_of(8));
    REQUIRE(store->commit(batch, Durability::synced).has_value());
  }
  const fs::path old_file = newest(scratch / "db", ".values");
  const std::string old = read_file(old_file);
  REQUIRE(open(scratch / "db")->reclaim({}).has_value());
  REQUIRE_FALSE(fs::exists(old_file));
  write_file(old_file, old);
  const auto store = open(scratch / "db");
  const auto whole = [&] {
    for (std::uint32_t n = 0; n < 40; ++n) {
      if (n != 8) CHECK(store->get(key_of(n)).value() == value_of(n));
    }
  };
  whole();
  REQUIRE(store->reclaim({}).has_value());
  CHECK_FALSE(fs::exists(old_file));
  whole();
}

TEST_CASE("a large value under the empty key outlives a reclaim") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  WriteBatch batch;
  batch.put({}, value_of(4));
  batch.put(key_of(8), value_of(8));
  REQUIRE(store->commit(batch, Durability::synced).has_value());
  WriteBatch removed;
  removed.remove(key_of(8));
  REQUIRE(store->commit(removed, Durability::synced).has_value());
  REQUIRE(store->reclaim({}).has_value());
  CHECK(store->get({}).value() == value_of(4));
}

TEST_CASE("reclaiming keys of which no value is large leaves the large ones where they are") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  write_row(*store, 0, 40, Durability::synced);
  WriteBatch batch;
  batch.put(to_bytes(as_bytes("small")), Bytes(10));
  batch.remove(key_of(4));
  REQUIRE(store->commit(batch, Durability::synced).has_value());
  const fs::path file = newest(scratch / "db", ".values");
  REQUIRE(store->reclaim(as_bytes("s")).has_value());
  CHECK(fs::exists(file));
  REQUIRE(store->reclaim(Bytes{0}).has_value());
  CHECK_FALSE(fs::exists(file));
}

TEST_CASE("a file with a damaged value is kept when what lives in it is moved") {
  const Scratch scratch;
  auto store = open(scratch / "db");
  write_row(*store, 0, 40, Durability::synced);
  const fs::path file = newest(scratch / "db", ".values");
  std::string changed = read_file(file);
  changed[5100] = static_cast<char>(changed[5100] ^ 1);
  write_file(file, changed);
  WriteBatch batch;
  batch.remove(key_of(8));
  REQUIRE(store->commit(batch, Durability::synced).has_value());
  REQUIRE(store->reclaim({}).has_value());
  CHECK(fs::exists(file));
  for (std::uint32_t n = 0; n < 40; n += 4) {
    if (n == 4) {
      CHECK(store->get(key_of(n)).error().code == Code::kStoreDamaged);
    } else if (n != 8) {
      CHECK(store->get(key_of(n)).value() == value_of(n));
    }
  }
}

TEST_CASE("writing, reading and reclaiming at one time lose nothing") {
  const Scratch scratch;
  const auto store = open(scratch / "db");
  constexpr std::uint32_t kRound = 400;
  write_row(*store, 0, kRound, Durability::synced);
  std::atomic<bool> done{false};
  std::thread reclaiming{[&] {
    while (!done) {
      if (!store->reclaim({})) std::abort();
    }
  }};
  std::thread reading{[&] {
    while (!done) {
      for (std::uint32_t n = 0; n < kRound; n += 4) {
        const auto value = store->get(key_of(n));
        if (!value || !*value || **value != value_of(n)) std::abort();
      }
    }
  }};
  for (std::uint32_t n = kRound; n < 4 * kRound; ++n) {
    WriteBatch batch;
    batch.put(key_of(n), value_of(n));
    if (n >= kRound + 40) batch.remove(key_of(n - 40));
    REQUIRE(store->commit(batch, n % 50 == 0 ? Durability::synced : Durability::later).has_value());
  }
  done = true;
  reclaiming.join();
  reading.join();
  for (std::uint32_t n = 0; n < 4 * kRound; ++n) {
    const auto value = store->get(key_of(n));
    REQUIRE(value.has_value());
    const bool lives = n < kRound || n >= 4 * kRound - 40;
    REQUIRE(value->has_value() == lives);
    if (lives) CHECK(**value == value_of(n));
  }
}

TEST_CASE("large values that an earlier build left in RocksDB's own blob files are read, and removed for good") {
  const Scratch scratch;
  const fs::path folder = scratch / "db";
  const auto text = [](const Bytes& bytes) { return std::string(as_text(bytes)); };
  {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.enable_blob_files = true;
    options.min_blob_size = 4096;
    rocksdb::DB* made = nullptr;
    REQUIRE(rocksdb::DB::Open(options, folder, &made).ok());
    const std::unique_ptr<rocksdb::DB> db{made};
    for (std::uint32_t n = 0; n < 40; ++n) REQUIRE(db->Put({}, text(key_of(n)), text(value_of(n))).ok());
    REQUIRE(db->Flush({}).ok());
  }
  REQUIRE_FALSE(newest(folder, ".blob").empty());
  {
    const auto store = open(folder);
    CHECK(row_length(*store) == 40);
    WriteBatch batch;
    batch.remove(key_of(8));
    REQUIRE(store->commit(batch, Durability::synced).has_value());
    REQUIRE(store->reclaim({}).has_value());
  }
  const auto again = open(folder);
  for (std::uint32_t n = 0; n < 40; ++n) {
    if (n != 8) CHECK(again->get(key_of(n)).value() == value_of(n));
  }
  for (const fs::path& file : files_below(folder)) CHECK(read_file(file).find(text(value_of(8))) == std::string::npos);
}
