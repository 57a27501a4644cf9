// bench_idle_relay: what a relay's disk still holds a day after the hub's receipt has covered everything that it carried.
//   build/bench/bench_idle_relay [FOLDER [PICTURES]]     the system's temporary folder and 2000 when nothing is said
// A real node with its database takes in that many pictures of 120 KB for the hub, hears the receipt, looks at its disk as it
// does when it runs, and is closed. Compared with the same node before it carried anything. Exit 1 when a megabyte or more is
// left.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/crypto/membership.h"
#include "node/node.h"
#include "node/system_clock.h"
#include "node/system_disk.h"
#include "node/system_rng.h"
#include "tests/bench/written.h"

namespace {

namespace fs = std::filesystem;
using namespace satchel;
using tests::Written;

constexpr std::uint32_t kSites = 20;
constexpr std::size_t kPicture = 120'000;
constexpr double kLimit = 1024.0 * 1024;

std::uintmax_t size_of(const fs::path& folder) {
  std::uintmax_t out = 0;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    if (each.is_regular_file()) out += each.file_size();
  }
  return out;
}

/// A relay in a campaign whose hub is only a key here.
class Relay {
 public:
  explicit Relay(const fs::path& home) : home_(home) {
    auto made = node::Node::create(surroundings_, home.string(), {core::Role::relay, "relay"});
    SATCHEL_CHECK(made.has_value());
    node_ = *std::move(made);
    const core::Identity recovery = core::make_identity(rng_);
    founding_ = core::make_founding("bench", hub_, recovery.box.public_key, rng_);
    sites_ = std::make_unique<tests::WrittenSites>(founding_, hub_.sign, kSites, 1);
    const core::Identity& keys = node_->identity();
    const core::NodeNumber number{kSites + 1};
    std::vector<core::Member> members = sites_->members();
    members.push_back(core::make_member(founding_.id(), core::kHubNumber, core::Role::hub, "hub", hub_.sign.public_key,
                                        hub_.box.public_key, hub_.sign));
    members.push_back(core::make_member(founding_.id(), number, core::Role::relay, "relay", keys.sign.public_key,
                                        keys.box.public_key, hub_.sign));
    const auto toml = disk_.read(SATCHEL_PROFILE, core::kProfileMax);
    SATCHEL_CHECK(toml.has_value());
    const node::Meta::Campaign campaign{founding_, number, core::make_campaign_secrets(rng_),
                                        core::sign_profile(founding_.id(), 1, *toml, hub_.sign)};
    SATCHEL_CHECK(node_->enrol(campaign, members).has_value());
  }

  void reopen() {
    node_.reset();
    auto opened = node::Node::open(surroundings_, home_.string());
    SATCHEL_CHECK(opened.has_value());
    node_ = *std::move(opened);
  }
  void close() { node_.reset(); }
  protocol::Shelf& shelf() { return *node_->enrolled().value()->shelf; }

  void carry(std::size_t pictures) {
    for (std::size_t i = 0; i < pictures; ++i) {
      const Written one = sites_->picture(i, core::Lane::photo, kPicture);
      const auto begun = shelf().begin(one.header.bytes, one.previous);
      SATCHEL_CHECK(begun && begun->outcome == protocol::Begin::Outcome::take);
      SATCHEL_CHECK(shelf().append(one.header.id, 0, one.body).has_value());
      SATCHEL_CHECK(shelf().finish(one.header.id).has_value());
      SATCHEL_CHECK(shelf().flush().has_value());
      ends_[one.header.id.log] = {one.header.id.seq, one.header.root};
    }
  }

  void hear_receipt() {
    core::Receipt receipt;
    receipt.campaign = founding_.id();
    receipt.hub = core::Incarnation{1};
    receipt.version = 1;
    std::map<core::Author, std::map<core::LogId, core::RootAt>> roots;
    for (const auto& [log, end] : ends_) {
      receipt.logs[log] = {end.seq, end.seq};
      roots[log.author][log] = end;
    }
    for (const auto& [author, of_author] : roots) receipt.tags[author] = core::receipt_tag(of_author);
    core::sign_receipt(receipt, hub_.sign);
    const auto heard = shelf().hear_receipt(receipt);
    SATCHEL_CHECK(heard && *heard);
    SATCHEL_CHECK(shelf().flush().has_value());
  }

  void look_at_disk() { node_->look_at_disk(); }

 private:
  fs::path home_;
  node::SystemDisk disk_;
  node::SystemClock clock_;
  node::SystemRng rng_;
  node::Surroundings surroundings_{disk_, clock_, rng_, ""};
  core::Identity hub_ = core::make_identity(rng_);
  core::Founding founding_;
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<tests::WrittenSites> sites_;
  std::map<core::LogId, core::RootAt> ends_;
};

}  // namespace

int main(int argc, char** argv) {
  core::crypto_init();
  const fs::path folder = argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path();
  const std::size_t pictures = argc > 2 ? static_cast<std::size_t>(std::strtoull(argv[2], nullptr, 10)) : 2'000;
  const fs::path home = folder / ("satchel-idle-relay-" + std::to_string(::getpid()));
  Relay relay{home};
  relay.reopen();
  const auto at_first = static_cast<double>(size_of(home));
  relay.carry(pictures);
  const auto full = static_cast<double>(size_of(home));
  relay.hear_receipt();
  relay.look_at_disk();
  relay.close();
  const auto left = static_cast<double>(size_of(home)) - at_first;
  std::printf("%-40s %10zu of %.0f KB\n", "pictures carried", pictures, static_cast<double>(kPicture) / 1000);
  std::printf("%-40s %10.2f MB\n", "on disk while it carried them", full / 1e6);
  std::printf("%-40s %10.3f MB  wanted < %.3f%s\n", "left after the receipt", left / 1e6, kLimit / 1e6,
              left < kLimit ? "" : "   MISSED");
  std::error_code ignored;
  fs::remove_all(home, ignored);
  return left < kLimit ? 0 : 1;
}
