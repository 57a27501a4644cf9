// bench_take_in: what taking in costs a hub, from the bytes of a bundle to a signed receipt, all of it synced to a real disk,
// beside what the cryptography alone costs for the same bundles in the same run.
//   build/bench/bench_take_in [FOLDER] [--fill BUNDLES STUDENTS] [--only WORD]
// FOLDER: where the hub's home is made (default: the temporary folder of the system). --fill: measures once more when so many
// bundles about so many students lie in the hub (minutes: 100000 10000). --only: the rows whose name holds WORD.
//
// The limit is one core that does what the wire asks and nothing else: two signatures (header, run), one key agreement with its
// derivations, one decryption of the content, and the two hashes without which no signature says anything about it: of the
// ciphertext (the header names it) and of each picture (the records name it). By a line, the decryption of its frames, too. No
// parsing, no copy, no store, and no sealing of what lies at rest.
// The way is the real one: node, shelf, ledger and RocksDB, in the steps of `stick read` (everything, then one digest) or of a
// link (a digest 10 ms after something came, and 50 ms after the last one). CPU counts all threads of the process; a core's rate
// is bundles by CPU time. Syncs are counted where they reach the kernel. "Store alone" is what the database costs for writing the
// same bodies once, in commits of at most kWaitingMax and with as many syncs: what a way costs beyond that and the limit is its
// own. Exit 1 when a row misses what was wanted.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>

#include "core/crypto/box.h"
#include "core/store/rocks_store.h"
#include "node/heap.h"
#include "node/node.h"
#include "node/system_clock.h"
#include "node/system_disk.h"
#include "node/system_rng.h"
#include "protocol/session/session.h"
#include "protocol/shelf/body_store.h"
#include "tests/bench/stopwatch.h"
#include "tests/bench/written.h"
#include "tests/sim/campaign.h"

namespace {

std::atomic<std::uint64_t> syncs{0};
thread_local std::uint64_t syncs_asked = 0;  // by this thread, and not by RocksDB's own in the background

}  // namespace

// In front of the C library's, for RocksDB too.
extern "C" int fdatasync(int fd) {
  ++syncs;
  ++syncs_asked;
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}
extern "C" int fsync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace {

namespace fs = std::filesystem;
using namespace satchel;
using core::Lane;
using tests::Spent;
using tests::Stopwatch;
using tests::Written;

constexpr std::uint32_t kSites = 60;
constexpr std::size_t kPreview = 4'000;
constexpr std::size_t kSmall = 6'000;      ///< bundles of records in one row
constexpr std::size_t kRead = 256 * 1024;  ///< as a connection reads
constexpr std::int64_t kDigestMs = 10;     ///< as node/exchange.cpp, there as here longer when a digest takes longer
constexpr std::int64_t kDigestApartMs = 50;

// ---- the limit

/// What is asked of cryptography.
struct Asked {
  bool hashes = true;
  bool by_line = false;
};

/// What the wire asks of cryptography for `one`; aborts when a signature does not verify. Ciphers cost the same whatever they are
/// given, so they are given what is at hand, and enciphering stands for deciphering.
void cryptography(const Written& one, const protocol::PayloadView& inside, const core::Membership& members,
                  const core::BoxKeys& hub, const Asked& asked) {
  const protocol::Header& header = one.header;
  const core::SignPublic author = members.find(header.id.log.author.node)->sign;
  SATCHEL_CHECK(protocol::verify_header(header, one.previous, author).has_value());
  static_cast<void>(core::hash("satchel hint", header.ephemeral.view()));
  const auto agreed = core::agree(hub, header.ephemeral);
  SATCHEL_CHECK(agreed.has_value());
  const core::Hash key = core::keyed_hash(agreed->view(), "satchel wrap", header.ephemeral.view());
  static_cast<void>(core::chacha_seal(key.view(), 0, {}, agreed->view()));
  const auto each = [](core::ByteView bytes, std::size_t size, const auto& use) {
    for (std::size_t at = 0; at < bytes.size(); at += size) use(bytes.subspan(at, std::min(size, bytes.size() - at)));
  };
  if (asked.by_line) {
    each(one.body, protocol::kPieceMax,
         [&](core::ByteView piece) { static_cast<void>(core::chacha_seal(key.view(), 1, {}, piece)); });
  }
  const core::ByteView ciphertext = core::ByteView{one.body}.subspan(header.list_size());
  each(ciphertext, protocol::bytes_of(header.chunk_size), [&](core::ByteView chunk) {
    if (asked.hashes) static_cast<void>(protocol::chunk_hash(chunk));
    static_cast<void>(core::xchacha_seal(key.view(), {}, {}, chunk));
  });
  static_cast<void>(protocol::root_of(core::ByteView{one.body}.first(std::max<std::size_t>(header.list_size(), 32))));
  for (const protocol::BlobView& blob : inside.blobs) {
    if (asked.hashes) static_cast<void>(protocol::blob_hash(blob.bytes));
  }
  for (const core::Run& run : inside.runs) SATCHEL_CHECK(core::verify_run(run, author).has_value());
}

Spent limit_of(const std::vector<Written>& bundles, const core::Membership& members, const core::BoxKeys& hub,
               const Asked& asked) {
  std::vector<protocol::PayloadView> inside;
  for (const Written& one : bundles) {
    auto payload = protocol::view_payload(one.payload);
    SATCHEL_CHECK(payload.has_value());
    inside.push_back(*std::move(payload));
  }
  const Stopwatch watch;
  for (std::size_t i = 0; i < bundles.size(); ++i) cryptography(bundles[i], inside[i], members, hub, asked);
  return watch.spent();
}

/// What writing the bodies once costs in the hub's database, the blocks in as many commits, `synced` of them synced.
Spent store_alone(const fs::path& folder, const std::vector<Written>& bundles, std::uint64_t synced) {
  fs::remove_all(folder);
  Spent spent;
  {
    const auto store = core::open_rocks_store(folder.string(), core::OpenMode::read_write);
    SATCHEL_CHECK(store.has_value());
    std::uint64_t bytes = 0;
    for (const Written& one : bundles) bytes += one.body.size();
    const std::uint64_t step = bytes / std::max<std::uint64_t>(synced, 1);
    std::uint64_t unsynced = 0;
    std::uint64_t waiting = 0;
    core::WriteBatch batch;
    const auto commit = [&] {
      unsynced += std::exchange(waiting, 0);
      const bool sync = unsynced >= step;
      if (sync) unsynced = 0;
      SATCHEL_CHECK((*store)->commit(batch, sync ? core::Durability::synced : core::Durability::later).has_value());
      batch.clear();
    };
    const Stopwatch watch;
    for (const Written& one : bundles) {
      core::WriteBatch blocks;
      protocol::put_body(blocks, one.header, one.body);
      for (const core::WriteBatch::Change& block : blocks.changes()) {
        batch.put(block.key, *block.value);
        waiting += block.value->size();
        if (waiting >= protocol::kWaitingMax) commit();
      }
      commit();
    }
    spent = watch.spent();
  }
  fs::remove_all(folder);
  return spent;
}

// ---- the hub

class Hub {
 public:
  explicit Hub(const fs::path& home) {
    auto made = node::Node::create(surroundings_, home.string(), {core::Role::hub, "hub"});
    SATCHEL_CHECK(made.has_value());
    node_ = *std::move(made);
    const core::Identity& keys = node_->identity();
    const core::Identity recovery = core::make_identity(rng_);
    core::Founding founding = core::make_founding("bench", keys, recovery.box.public_key, rng_);
    const core::Member own = core::make_member(founding.id(), core::kHubNumber, core::Role::hub, "hub", keys.sign.public_key,
                                               keys.box.public_key, keys.sign);
    sites_ = std::make_unique<tests::WrittenSites>(founding, keys.sign, kSites, 1);
    const auto toml = disk_.read(SATCHEL_PROFILE, core::kProfileMax);
    SATCHEL_CHECK(toml.has_value());
    node::Meta::Campaign campaign{founding, core::kHubNumber, core::make_campaign_secrets(rng_),
                                  core::sign_profile(founding.id(), 1, *toml, keys.sign)};
    std::vector<core::Member> members = sites_->members();
    members.push_back(own);
    SATCHEL_CHECK(node_->enrol(campaign, members).has_value());
    all_ = node_->enrolled().value();
  }

  tests::WrittenSites& sites() { return *sites_; }
  node::Node& node() { return *node_; }
  node::Enrolled& all() { return *all_; }

  /// Opens, signs, and lets go, as a node does when a stick has been read or a link had something.
  void digest() {
    SATCHEL_CHECK(node_->digest_arrivals().has_value());
    SATCHEL_CHECK(all_->ledger->release().has_value());
  }

  /// Whatever was taken in lies under a receipt, and what was in it can be asked for.
  void check_opened(const std::vector<Written>& bundles) {
    const auto& receipt = all_->shelf->receipt();
    SATCHEL_CHECK(receipt.has_value());
    for (const Written& one : bundles) {
      SATCHEL_CHECK(receipt->opened(one.header.id));
      const auto inside = protocol::decode_payload(one.payload);
      for (const protocol::WireBlob& blob : inside->blobs) {
        const auto kept = all_->ledger->blobs().find(protocol::blob_hash(blob.bytes));
        SATCHEL_CHECK(kept && *kept && (*kept)->carrier == one.header.id);
      }
      if (inside->runs.empty()) continue;
      const auto student = all_->ledger->student(one.student);
      SATCHEL_CHECK(student && *student && !(*student)->captures.empty());
    }
    SATCHEL_CHECK(all_->shelf->quarantined()->empty());
  }

  protocol::SessionSetup session_setup() {
    protocol::SessionSetup setup;
    setup.shelf = all_->shelf.get();
    setup.link = {all_->membership.get(), &node_->identity().box, &all_->certificate, &all_->campaign.secrets.group_key, &rng_};
    setup.learn = [this](const core::Member& member) { return all_->membership->add(member); };
    return setup;
  }

 private:
  node::SystemDisk disk_;
  node::SystemClock clock_;
  node::SystemRng rng_;
  node::Surroundings surroundings_{disk_, clock_, rng_, ""};
  std::unique_ptr<node::Node> node_;
  node::Enrolled* all_ = nullptr;
  std::unique_ptr<tests::WrittenSites> sites_;
};

// ---- the ways in

/// Every bundle into the shelf, in the pieces and with the digests in between with which a stick is read.
Spent by_stick(Hub& hub, const std::vector<Written>& bundles) {
  protocol::Shelf& shelf = *hub.all().shelf;
  std::uint64_t taken = 0;
  const Stopwatch watch;
  for (const Written& one : bundles) {
    const auto begun = shelf.begin(one.header.bytes, one.previous);
    SATCHEL_CHECK(begun && begun->outcome == protocol::Begin::Outcome::take);
    for (std::size_t at = 0; at < one.body.size(); at += protocol::kPieceMax) {
      const core::ByteView rest = core::ByteView{one.body}.subspan(at);
      SATCHEL_CHECK(
          shelf.take(one.header.id, at, rest.first(std::min(rest.size(), protocol::kPieceMax)), protocol::Shelf::Pace::fast)
              .has_value());
    }
    taken += one.body.size();
    if (taken >= protocol::kFreshMax / 2) {
      hub.digest();
      taken = 0;
    }
  }
  SATCHEL_CHECK(shelf.flush().has_value());
  hub.digest();
  return watch.spent();
}

/// What came reaches the hub in one read at a time; the other side and the line cost nothing.
class ByLine {
 public:
  ByLine(Hub& hub, const std::vector<Written>& bundles) : hub_(hub), bundles_(bundles) {
    const core::Founding& founding = hub.all().campaign.founding;
    const core::Identity keys = core::make_identity(rng_);
    const core::Member own = core::make_member(founding.id(), core::NodeNumber{kSites + 1}, core::Role::relay, "relay",
                                               keys.sign.public_key, keys.box.public_key, hub.node().identity().sign);
    relay_ = std::make_unique<tests::CampaignNode>(own, keys.clone(), founding, hub.all().campaign.secrets.group_key.view(), 9);
    for (const core::Member& member : hub.all().membership->all()) SATCHEL_CHECK(relay_->membership.add(member).has_value());
    relay_->limits.author_lane_bytes.fill(1ULL << 40);
    relay_->limits.foreign_bytes = 1ULL << 40;
    relay_->reopen();
    for (const Written& one : bundles) {
      const auto begun = relay_->shelf->begin(one.header.bytes, one.previous);
      SATCHEL_CHECK(begun && begun->outcome == protocol::Begin::Outcome::take);
      SATCHEL_CHECK(relay_->shelf->append(one.header.id, 0, one.body).has_value());
      SATCHEL_CHECK(relay_->shelf->finish(one.header.id).has_value());
    }
    SATCHEL_CHECK(relay_->shelf->flush().has_value());
  }

  Spent run() {
    const core::Clock& clock = hub_.node().surroundings().clock;
    auto caller = protocol::Session::caller(relay_->session_setup(), hub_.all().certificate, clock.mono());
    auto answerer = protocol::Session::answerer(hub_.session_setup(), clock.mono());
    Spent spent;
    std::uint64_t seen = 0;
    std::int64_t digest_took_ms = 0;
    core::MonoMs digested_at;
    bool due = false;
    core::MonoMs due_at;
    while (!caller.idle() || !answerer.idle()) {
      SATCHEL_CHECK(!caller.failure() && !answerer.failure());
      const core::Bytes read = core::to_bytes(caller.pending().first(std::min(kRead, caller.pending().size())));
      caller.sent(read.size(), clock.mono());
      {
        const Stopwatch watch;
        if (!read.empty()) SATCHEL_CHECK(answerer.receive(read, clock.mono()).has_value());
        const protocol::SessionStats stats = answerer.stats();
        std::uint64_t bundles = 0;
        for (const std::uint64_t lane : stats.bundles_received) bundles += lane;
        if (bundles != seen && !std::exchange(due, true))
          due_at = std::max(clock.mono() + std::max(kDigestMs, digest_took_ms), digested_at + kDigestApartMs);
        seen = bundles;
        if (due && clock.mono() >= due_at) {
          const core::MonoMs digest_begun = clock.mono();
          hub_.digest();
          digested_at = clock.mono();
          digest_took_ms = digested_at - digest_begun;
          answerer.shelf_changed(clock.mono());
          due = false;
          ++digests;
        }
        spent += watch.spent();
      }
      const core::Bytes said = core::to_bytes(answerer.pending());
      answerer.sent(said.size(), clock.mono());
      if (!said.empty()) SATCHEL_CHECK(caller.receive(said, clock.mono()).has_value());
      if (read.empty() && said.empty()) {
        SATCHEL_CHECK(caller.wake(clock.mono()).has_value());
        while (clock.mono() < std::min(answerer.deadline(), due ? due_at : answerer.deadline())) ::usleep(500);
        const Stopwatch watch;
        SATCHEL_CHECK(answerer.wake(clock.mono()).has_value());
        spent += watch.spent();
      }
    }
    return spent;
  }

  std::size_t digests = 0;

 private:
  Hub& hub_;
  const std::vector<Written>& bundles_;
  node::SystemRng rng_;
  std::unique_ptr<tests::CampaignNode> relay_;
};

// ---- rows

struct Wanted {
  double share = 0.6;   ///< of the limit, by CPU time
  double rate = 3'000;  ///< bundles a second on a core
};

bool all_met = true;
std::string only;

void print(const std::string& what, const std::vector<Written>& bundles, const Spent& limit, const Spent& unhashed,
           const Spent& alone, const Spent& spent, std::uint64_t synced, const Wanted& wanted) {
  std::uint64_t bytes = 0;
  for (const Written& one : bundles) bytes += one.header.bytes.size() + one.body.size();
  const auto n = static_cast<double>(bundles.size());
  const double rate = n / spent.cpu_s;
  const double share = limit.cpu_s / spent.cpu_s;
  const bool met = share >= wanted.share && rate >= wanted.rate;
  all_met = all_met && met;
  std::printf("%s: %zu bundles of %.0f B\n", what.c_str(), bundles.size(), static_cast<double>(bytes) / n);
  std::printf("    limit    %8.0f /s %8.1f MB/s %8.1f us each   %.1f us of it hashes\n", n / limit.cpu_s,
              static_cast<double>(bytes) / limit.cpu_s / 1e6, limit.cpu_s / n * 1e6, (limit.cpu_s - unhashed.cpu_s) / n * 1e6);
  std::printf("    store alone %5.0f /s %8.1f MB/s %8.1f us each   it and the limit: %.0f %% of the limit\n", n / alone.cpu_s,
              static_cast<double>(bytes) / alone.cpu_s / 1e6, alone.cpu_s / n * 1e6,
              limit.cpu_s / (limit.cpu_s + alone.cpu_s) * 100);
  std::printf("    CPU      %8.0f /s %8.1f MB/s %8.1f us each   %3.0f %% of the limit, wanted %.0f %%%s\n", rate,
              static_cast<double>(bytes) / spent.cpu_s / 1e6, spent.cpu_s / n * 1e6, share * 100, wanted.share * 100,
              met ? "" : "   MISSED");
  std::printf("    wall     %8.0f /s %8.1f MB/s %8.1f us each   %llu syncs\n", n / spent.wall_s,
              static_cast<double>(bytes) / spent.wall_s / 1e6, spent.wall_s / n * 1e6, static_cast<unsigned long long>(synced));
  std::fflush(stdout);
}

using Make = std::function<Written(tests::WrittenSites&, std::size_t)>;
struct Way {
  std::function<Spent(Hub&, const std::vector<Written>&)> take_in;
  bool is_line = false;
};

std::vector<Written> write(Hub& hub, std::size_t count, std::size_t from, const Make& make) {
  std::vector<Written> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(make(hub.sites(), from + i));
  return out;
}

/// The limit before and after, because a shared machine is not as fast at every moment.
Spent mean(const Spent& a, const Spent& b) { return {(a.wall_s + b.wall_s) / 2, (a.cpu_s + b.cpu_s) / 2}; }

void row(const std::string& what, const fs::path& folder, Hub& hub, const std::vector<Written>& bundles, const Way& way,
         const Wanted& wanted) {
  const auto limit = [&](bool hashes) {
    return limit_of(bundles, *hub.all().membership, hub.node().identity().box, {hashes, way.is_line});
  };
  const Spent before = limit(true);
  const std::uint64_t syncs_before = syncs;
  const std::uint64_t asked_before = syncs_asked;
  const Spent spent = way.take_in(hub, bundles);
  const std::uint64_t synced = syncs - syncs_before;
  const std::uint64_t asked = syncs_asked - asked_before;
  hub.check_opened(bundles);
  const Spent alone = store_alone(folder / "alone", bundles, asked / 2);  // of a synced commit both of its files
  print(what, bundles, mean(before, limit(true)), limit(false), alone, spent, synced, wanted);
}

Spent by_line(Hub& hub, const std::vector<Written>& bundles) {
  ByLine line{hub, bundles};
  const Spent spent = line.run();
  std::printf("  (%zu digests)\n", line.digests);
  return spent;
}

void fresh_row(const std::string& what, const fs::path& folder, std::size_t count, const Make& make, const Way& way,
               const Wanted& wanted) {
  if (what.find(only) == std::string::npos) return;
  const fs::path home = folder / "hub";
  fs::remove_all(home);
  {
    Hub hub{home};
    const std::vector<Written> bundles = write(hub, count, 0, make);
    row(what, folder, hub, bundles, way, wanted);
  }
  fs::remove_all(home);
}

Written record(tests::WrittenSites& sites, std::size_t i) { return sites.capture(i); }
Written preview(tests::WrittenSites& sites, std::size_t i) { return sites.picture(i, Lane::photo, kPreview); }
Written photo(tests::WrittenSites& sites, std::size_t i) { return sites.picture(i, Lane::photo, 120'000); }
Written original(tests::WrittenSites& sites, std::size_t i) { return sites.picture(i, Lane::original, 3'000'000); }

/// The same thousand bundles' worth at the beginning of a campaign and late in it.
void growth(const fs::path& folder, std::size_t bundles, std::size_t students) {
  constexpr std::size_t kStep = 1'000;
  const fs::path home = folder / "hub";
  fs::remove_all(home);
  Hub hub{home};
  std::vector<double> cost;  // of each step
  for (std::size_t at = 0; at < bundles + 3 * kStep; at += kStep) {
    const auto step =
        write(hub, kStep, at, [&](tests::WrittenSites& sites, std::size_t i) { return sites.capture(i % students); });
    const core::BoxKeys& keys = hub.node().identity().box;
    const Spent before = limit_of(step, *hub.all().membership, keys, {});
    const Spent spent = by_stick(hub, step);
    cost.push_back(spent.cpu_s / mean(before, limit_of(step, *hub.all().membership, keys, {})).cpu_s);
    if (at % (10 * kStep) == 0 || at >= bundles) {
      std::printf("with %6zu bundles in the hub: %.2f times the limit, CPU %.1f us a bundle, wall %.1f us\n", at, cost.back(),
                  spent.cpu_s / kStep * 1e6, spent.wall_s / kStep * 1e6);
      std::fflush(stdout);
    }
  }
  // The first step begins with empty tables; a few steps together even out when RocksDB tidies up.
  const auto early = (cost[1] + cost[2] + cost[3]) / 3;
  const auto late = (cost[cost.size() - 1] + cost[cost.size() - 2] + cost[cost.size() - 3]) / 3;
  const bool met = late <= early * 1.1;
  all_met = all_met && met;
  std::printf("growth from 1,000 to %zu bundles: %.2f times, wanted 1.10%s\n", bundles, late / early, met ? "" : "   MISSED");
  fs::remove_all(home);
}

}  // namespace

int main(int count, char** arguments) {
  core::crypto_init();
  node::keep_freed_memory();  // as the program does
  fs::path folder = fs::temp_directory_path();
  std::size_t fill = 0;
  std::size_t students = 0;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--fill") == 0 && i + 2 < count) {
      fill = std::strtoul(arguments[++i], nullptr, 10);
      students = std::strtoul(arguments[++i], nullptr, 10);
    } else if (std::strcmp(arguments[i], "--only") == 0 && i + 1 < count) {
      only = arguments[++i];
    } else {
      folder = arguments[i];
    }
  }
  folder /= "satchel-bench-take-in-" + std::to_string(::getpid());
  fs::create_directories(folder);
  const Wanted pictures{0.6, 0};
  const Way stick{by_stick, false};
  const Way line{by_line, true};
  if (fill == 0) {
    fresh_row("records, by stick", folder, kSmall, record, stick, {});
    fresh_row("records, by line", folder, kSmall, record, line, {});
    fresh_row("previews, by stick", folder, kSmall, preview, stick, pictures);
    fresh_row("previews, by line", folder, kSmall, preview, line, pictures);
    fresh_row("photos, by stick", folder, 1'000, photo, stick, pictures);
    fresh_row("photos, by line", folder, 1'000, photo, line, pictures);
    fresh_row("originals, by stick", folder, 60, original, stick, pictures);
    fresh_row("originals, by line", folder, 60, original, line, pictures);
  } else {
    growth(folder, fill, students);
  }
  fs::remove_all(folder);
  return all_met ? 0 : 1;
}
