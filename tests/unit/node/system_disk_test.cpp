#include "node/system_disk.h"

#include <catch2/catch.hpp>

#include "tests/support/file_size_limit.h"
#include "tests/support/scratch.h"

using namespace satchel;

TEST_CASE("what is there and no ordinary file is told as unreadable") {
  const node::SystemDisk disk;
  const auto read = disk.read("/dev/null", 16);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == core::Code::kFileUnreadable);
}

TEST_CASE("a file is read up to the size that the reader allows, and one byte more is told with both sizes") {
  const tests::Scratch scratch;
  const node::SystemDisk disk;
  const std::string path = (scratch / "file").string();
  tests::write_file(path, std::string(17, 'x'));
  CHECK(disk.read(path, 17).has_value());
  const auto read = disk.read(path, 16);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == core::Code::kFileTooLarge);
  CHECK(read.error().detail == "17 > 16 bytes");
}

TEST_CASE("a write that fails with room on the disk leaves what stood there before, and nothing beside it") {
  const tests::Scratch scratch;
  node::SystemDisk disk;
  const std::string path = (scratch / "file").string();
  tests::write_file(path, "before");
  const core::Bytes large(20'000, 'x');
  {
    const tests::FileSizeLimit limit(10'000);
    const auto written = disk.write_atomic(path, large, false);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == core::Code::kDiskWrite);
  }
  CHECK(tests::read_file(path) == "before");
  CHECK(tests::files_below(scratch.path()).size() == 1);
  CHECK(disk.write_atomic(path, large, false).has_value());
}
