#include "core/store/value_log.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/file_size_limit.h"
#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"

using namespace satchel::core;
using satchel::tests::files_below;
using satchel::tests::read_file;
using satchel::tests::Scratch;
using satchel::tests::SeededRng;
using satchel::tests::write_file;
namespace fs = std::filesystem;

namespace {

constexpr auto kWrite = ValueLog::Mode::read_write;
constexpr auto kRead = ValueLog::Mode::read_only;

Bytes value_of(std::uint32_t n, std::size_t size = 3000) {
  SeededRng rng{n};
  Bytes out(size);
  rng.fill(out);
  return out;
}

std::vector<ValuePlace> append(ValueLog& log, const std::vector<Bytes>& values) {
  const std::vector<ByteView> views(values.begin(), values.end());
  auto places = log.append(views);
  REQUIRE(places.has_value());
  return *std::move(places);
}

ValuePlace append_one(ValueLog& log, const Bytes& value) { return append(log, std::vector<Bytes>{value}).front(); }

}  // namespace

TEST_CASE("what a value log has taken is read back, by it, by a reader beside it, and by the next one") {
  const Scratch scratch;
  const std::string folder = scratch / "values";
  std::vector<ValuePlace> places;
  {
    ValueLog log{folder, kWrite};
    for (std::uint32_t n = 0; n < 40; n += 4) {
      const auto some = append(log, {value_of(n), value_of(n + 1, 1), {}, value_of(n + 3, 70'000)});
      places.insert(places.end(), some.begin(), some.end());
    }
    const ValueLog reader{folder, kRead};
    CHECK(reader.read(places[3]).value() == value_of(3, 70'000));
    CHECK(log.read(places[3]).value() == value_of(3, 70'000));
    REQUIRE(log.sync().has_value());
  }
  ValueLog next{folder, kWrite};
  const ValuePlace behind = append_one(next, value_of(99));
  CHECK(files_below(folder).size() == 1);
  CHECK(behind.offset == places.back().offset + places.back().size);
  for (std::uint32_t n = 0; n < 40; n += 4) {
    CHECK(next.read(places[n]).value() == value_of(n));
    CHECK(next.read(places[n + 1]).value() == value_of(n + 1, 1));
    CHECK(next.read(places[n + 2]).value().empty());
    CHECK(next.read(places[n + 3]).value() == value_of(n + 3, 70'000));
  }
  CHECK(next.read(behind).value() == value_of(99));
}

TEST_CASE("a value log that nothing was put into makes no folder, nor does a reader") {
  const Scratch scratch;
  ValueLog log{scratch / "values", kWrite};
  REQUIRE(log.sync().has_value());
  REQUIRE(log.settle().has_value());
  CHECK(log.closed_files().value().empty());
  const ValueLog reader{scratch / "values", kRead};
  CHECK(reader.read({1, 0, 10, 0}).error().code == Code::kStoreDamaged);
  CHECK_FALSE(fs::exists(scratch / "values"));
}

TEST_CASE("a changed, a missing and a cut value is told, and the others are read") {
  const Scratch scratch;
  const std::string folder = scratch / "values";
  ValueLog log{folder, kWrite};
  const auto places = append(log, {value_of(0), value_of(1), value_of(2)});
  const fs::path file = files_below(folder).front();
  const std::string whole = read_file(file);
  for (std::size_t at = places[1].offset; at < places[2].offset; at += 271) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x04);
    write_file(file, changed);
    const ValueLog reader{folder, kRead};
    CHECK(reader.read(places[0]).value() == value_of(0));
    CHECK(reader.read(places[1]).error().code == Code::kStoreDamaged);
    CHECK(reader.read(places[2]).value() == value_of(2));
  }
  write_file(file, whole.substr(0, places[2].offset + 1));
  CHECK(ValueLog(folder, kRead).read(places[1]).value() == value_of(1));
  CHECK(ValueLog(folder, kRead).read(places[2]).error().code == Code::kStoreDamaged);
  fs::remove(file);
  CHECK(ValueLog(folder, kRead).read(places[1]).error().code == Code::kStoreDamaged);
}

TEST_CASE("a write that fails gives no place, and the next one goes behind what it left") {
  const Scratch scratch;
  ValueLog log{scratch / "values", kWrite};
  const ValuePlace first = append_one(log, value_of(1));
  {
    const satchel::tests::FileSizeLimit limit{5'000};
    const Bytes large = value_of(2, 10'000);
    const ByteView view = large;
    CHECK(log.append({&view, 1}).error().code == Code::kStoreIo);
  }
  const ValuePlace second = append_one(log, value_of(3));
  CHECK(second.offset >= first.offset + first.size);
  CHECK(log.read(first).value() == value_of(1));
  CHECK(log.read(second).value() == value_of(3));
  CHECK(log.sync().has_value());
}

TEST_CASE("a file that is full is followed by another one") {
  const Scratch scratch;
  ValueLog log{scratch / "values", kWrite};
  std::vector<ValuePlace> places;
  const Bytes large(4 << 20, 0x5a);
  for (int i = 0; i < 17; ++i) places.push_back(append_one(log, large));
  CHECK(places[15].file == places[0].file);
  CHECK(places[16].file == places[0].file + 1);
  CHECK(log.closed_files().value() == std::map<std::uint32_t, std::uint64_t>{{places[0].file, 64U << 20}});
  CHECK(log.read(places[0]).value() == large);
}

TEST_CASE("a dropped file goes when the last one who held it lets go, and not before") {
  const Scratch scratch;
  const std::string folder = scratch / "values";
  ValueLog log{folder, kWrite};
  const ValuePlace first = append_one(log, value_of(1));
  auto early = log.hold();
  REQUIRE(log.begin_new_file().has_value());
  const ValuePlace second = append_one(log, value_of(2));
  auto later = log.hold();
  REQUIRE(log.begin_new_file().has_value());
  const ValuePlace third = append_one(log, value_of(3));
  REQUIRE(std::set{first.file, second.file, third.file}.size() == 3);

  log.drop({first.file});
  auto latest = log.hold();  // after the first was dropped: holds the second
  log.drop({second.file});
  CHECK(files_below(folder).size() == 3);
  later.reset();
  CHECK(log.read(first).value() == value_of(1));
  CHECK(log.read(second).value() == value_of(2));
  early.reset();
  CHECK(files_below(folder).size() == 2);
  CHECK(log.read(first).error().code == Code::kStoreDamaged);
  CHECK(log.read(second).value() == value_of(2));
  latest.reset();
  CHECK(files_below(folder).size() == 1);
  CHECK(log.read(third).value() == value_of(3));
  // Its number is not given away again while it can be remembered.
  CHECK(append_one(log, value_of(4)).file >= third.file);
}

TEST_CASE("files of other names in its folder are left alone") {
  const Scratch scratch;
  fs::create_directory(scratch / "values");
  for (const char* name : {"notes.txt", "0.values", "12x.values", ".values"}) write_file(scratch / "values" / name, "theirs");
  ValueLog log{scratch / "values", kWrite};
  const ValuePlace place = append_one(log, value_of(1));
  CHECK(place.file == 1);
  REQUIRE(log.begin_new_file().has_value());
  CHECK(log.closed_files().value().size() == 1);
  log.drop({place.file});
  CHECK(files_below(scratch / "values").size() == 4);
}
