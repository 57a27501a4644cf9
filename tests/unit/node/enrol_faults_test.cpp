// Founding a campaign, asking to join it, being enrolled and joining: the n-th write of a file fails, for n = 1, 2, … until each
// goes through; the same command again must end the job. What the database does on a full disk is tests/cli/full_disk_test.cpp.
#include <catch2/catch.hpp>

#include "node/client.h"
#include "node/system_disk.h"
#include "tests/support/disk_layer.h"
#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"
#include "tests/unit/node/ledger_node.h"

using namespace satchel;
namespace json = boost::json;

namespace {

/// The n-th write from now fails, as do all after it until told otherwise with 0.
class FailingDisk final : public tests::DiskLayer {
 public:
  using DiskLayer::DiskLayer;
  void fail_from_write(std::size_t n) { fail_in_ = n; }
  core::Result<void> write_atomic(const std::string& path, core::ByteView bytes, bool secret) override {
    SATCHEL_TRY(may_write());
    return DiskLayer::write_atomic(path, bytes, secret);
  }
  core::Result<void> make_folder(const std::string& path) override {
    SATCHEL_TRY(may_write());
    return DiskLayer::make_folder(path);
  }
  core::Result<void> sync_folder(const std::string& folder) override {
    SATCHEL_TRY(may_write());
    return DiskLayer::sync_folder(folder);
  }

 private:
  core::Result<void> may_write() {
    if (fail_in_ == 1) return core::Code::kDiskFull;
    if (fail_in_ > 1) --fail_in_;
    return {};
  }
  std::size_t fail_in_ = 0;
};

struct Desk {
  tests::Scratch scratch;
  tests::SeededRng rng{12};
  tests::StillClock clock;
  node::SystemDisk system;
  FailingDisk disk{system};
  node::Surroundings surroundings{disk, clock, rng, ""};

  std::string path(const std::string& name) const { return (scratch / name).string(); }
  core::Result<node::Answer> ask(const std::string& home, std::string_view operation, const json::object& arguments) {
    return node::call(surroundings, path(home), operation, arguments, {});
  }
  /// The n-th write of the command fails, then it is given again and the next one fails, until nothing does. Gives how often it
  /// failed.
  std::size_t with_every_failure(const std::string& home, std::string_view operation, const json::object& arguments) {
    std::size_t failures = 0;
    for (std::size_t n = 1; n < 100; ++n) {
      INFO(operation << ", write " << n);
      disk.fail_from_write(n);
      const auto first = ask(home, operation, arguments);
      disk.fail_from_write(0);
      // A node that has joined durably before a later file failed is told so, and opens as one that has joined.
      if (first || (failures > 0 && first.error().code == core::Code::kAlreadyEnrolled)) return failures;
      CHECK(first.error().code == core::Code::kDiskFull);
      ++failures;
    }
    FAIL("it never goes through");
    return failures;
  }
};

}  // namespace

TEST_CASE("whichever write of a file fails while a campaign is founded and joined, the same command again ends the job") {
  Desk desk;
  CHECK(desk.with_every_failure("hub", "hub.init", {{"profile", SATCHEL_PROFILE}}) >= 3);
  CHECK(std::filesystem::exists(desk.path("hub") + "/recovery.key"));
  CHECK(desk.with_every_failure("east", "site.init", {{"name", "东村"}, {"out", desk.path("request")}}) >= 3);
  const auto request = desk.disk.read(desk.path("request"), 1 << 20);
  REQUIRE(request);
  CHECK(desk.with_every_failure("hub", "hub.enroll", {{"request", desk.path("request")}, {"out", desk.path("card")}}) >= 1);
  CHECK(desk.with_every_failure("east", "join", {{"card", desk.path("card")}}) >= 1);

  const auto site = desk.ask("east", "status", {});
  REQUIRE(site);
  CHECK(site->body.at("node").as_object().at("enrolled") == true);
  CHECK(site->body.at("node").as_object().at("number") == 1);  // one number, however often the hub was asked
}
