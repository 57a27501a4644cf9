#include "node/node.h"

#include <cstdlib>
#include <ranges>

#include "node/face_model.h"
#include "node/heal.h"
#include "node/recogniser_file.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::uint64_t kKeyFileMax = 64 * 1024;

std::string cascade_folder() {
  const char* named = std::getenv("SATCHEL_CASCADES");
  return named != nullptr ? named : core::portrait::kCascadeFolder;
}

}  // namespace

Result<std::unique_ptr<Node>> Node::open(const Surroundings& surroundings, const std::string& home, core::OpenMode mode) {
  std::unique_ptr<Node> node{new Node{surroundings, Home{home}}};
  const Home& places = node->home_;
  if (!surroundings.disk.exists(places.key_file())) return Code::kHomeMissing;
  SATCHEL_TRY_ASSIGN(core::Bytes key_file, surroundings.disk.read(places.key_file(), kKeyFileMax));
  SATCHEL_TRY_ASSIGN(node->identity_, core::read_key_file(key_file, surroundings.passphrase));
  SATCHEL_TRY_ASSIGN(node->store_, core::open_rocks_store(places.database(), mode));
  if (mode == core::OpenMode::read_write) node->log_ = Log{places.log_file()};
  if (mode == core::OpenMode::read_write && node->store_->salvaged()) {
    node->log_.trouble("opening the database", Error{Code::kStoreDamaged, "damage amid what had been saved; the rest is here"});
    core::WriteBatch batch;
    Meta::put_salvaged(batch, surroundings.clock.wall());
    SATCHEL_TRY(node->store_->commit(batch, core::Durability::synced));
  }
  SATCHEL_TRY_ASSIGN(node->self_, Meta{*node->store_}.self());
  SATCHEL_TRY(node->load_enrolled(mode));
  return node;
}

Result<std::unique_ptr<Node>> Node::create(const Surroundings& surroundings, const std::string& home, const Meta::Self& self) {
  std::unique_ptr<Node> node{new Node{surroundings, Home{home}}};
  const Home& places = node->home_;
  core::Disk& disk = surroundings.disk;
  if (disk.exists(home)) {
    SATCHEL_TRY_ASSIGN(const auto entries, disk.list(home));
    if (disk.exists(places.key_file())) return Code::kHomeExists;
    // What a set-up that was cut short left behind (no key file yet: nothing was promised to anybody) is taken over.
    for (const core::DiskEntry& entry : entries) {
      if (entry.name != "db" && entry.name != "log" && entry.name != "highwater" && entry.name != "identity.key.new") {
        return Error{Code::kHomeExists, "the folder is not empty"};
      }
    }
  }
  SATCHEL_TRY(disk.make_folder(home));
  SATCHEL_TRY(disk.make_folder(places.log_folder()));
  node->identity_ = core::make_identity(surroundings.rng);
  SATCHEL_TRY_ASSIGN(node->store_, core::open_rocks_store(places.database(), core::OpenMode::read_write));
  node->log_ = Log{places.log_file()};
  node->self_ = self;
  core::WriteBatch batch;
  Meta::put_self(batch, self);
  SATCHEL_TRY(node->store_->commit(batch, core::Durability::synced));
  core::Bytes key_file = core::write_key_file(node->identity_, surroundings.passphrase, surroundings.rng);
  const auto written = disk.write_atomic(places.key_file(), key_file, /*secret=*/true);
  core::wipe(key_file);
  if (!written) return written.error();
  return node;
}

Result<void> Node::enrol(const Meta::Campaign& campaign, const std::vector<core::Member>& members) {
  core::WriteBatch batch;
  Meta::put_self(batch, self_);
  Meta::put_campaign(batch, campaign, identity_.store_key.view(), surroundings_.rng);
  for (const core::Member& member : members) Meta::put_member(batch, member);
  SATCHEL_TRY(store_->commit(batch, core::Durability::synced));
  return load_enrolled(core::OpenMode::read_write);
}

Result<void> Node::load_enrolled(core::OpenMode mode) {
  const Meta meta{*store_};
  SATCHEL_TRY_ASSIGN(auto campaign, meta.campaign(identity_.store_key.view()));
  if (!campaign) return {};
  SATCHEL_TRY_ASSIGN(core::Profile profile, core::parse_profile(core::as_text(campaign->profile.toml)));
  auto membership = std::make_unique<core::Membership>(campaign->founding);
  SATCHEL_TRY_ASSIGN(const auto members, meta.members(campaign->founding));
  for (const core::Member& member : members) SATCHEL_TRY(membership->add(member));
  members_kept_ = members.size();
  SATCHEL_TRY_ASSIGN(const auto revocations, meta.revocations());
  for (const core::Revocation& revocation : revocations) membership->revoke(revocation);
  const auto own = membership->find(campaign->number);
  if (!own) return Error{Code::kStoreDamaged, "own certificate"};
  SATCHEL_TRY_ASSIGN(core::HighWater high_water,
                     core::HighWater::open(surroundings_.disk, home_.high_water_file(), surroundings_.rng));
  SATCHEL_TRY_ASSIGN(auto shelf,
                     protocol::Shelf::open(*store_, *membership, campaign->number, self_.role, protocol::ShelfLimits{}));

  enrolled_.emplace(Enrolled{*std::move(campaign), std::move(profile), std::move(membership),
                             std::make_unique<core::HighWater>(std::move(high_water)), std::move(shelf), nullptr, *own});
  Enrolled& all = *enrolled_;
  all.ledger = std::make_unique<Ledger>(ledger_base());
  if (mode == core::OpenMode::read_only) return {};
  look_at_disk();
  SATCHEL_TRY(keep_tallies(*store_));
  SATCHEL_TRY(follow_profile());                   // a kill may have fallen between its arrival and this
  SATCHEL_TRY(all.ledger->set_aside_untrusted());  // a kill may have fallen between the revocation and this
  return heal_incarnation();
}

Result<void> Node::heal_incarnation() {
  Enrolled& all = *enrolled_;
  return node::heal_incarnation(ledger_base(), *all.ledger);
}

LedgerBase Node::ledger_base() {
  Enrolled& all = *enrolled_;
  return {surroundings_,       *store_, *all.shelf, *all.membership, identity_, all.campaign.secrets, *all.high_water,
          all.campaign.number, log_};
}

Result<Enrolled*> Node::enrolled() {
  if (!enrolled_) return Code::kNotEnrolled;
  return &*enrolled_;
}

Result<Enrolled*> Node::at_hub() {
  if (self_.role != core::Role::hub) return Code::kNotHub;
  return enrolled();
}

Result<Enrolled*> Node::at_site() {
  if (self_.role != core::Role::site) return Code::kNotSite;
  return enrolled();
}

Result<core::portrait::Judge*> Node::judge() {
  if (!judge_) {
    const char* named = std::getenv(kFaceModelVariable);
    SATCHEL_TRY_ASSIGN(const core::portrait::ModelFile model,
                       read_face_model(surroundings().disk, named == nullptr ? "" : named));
    SATCHEL_TRY_ASSIGN(auto judge, core::portrait::Judge::load(cascade_folder(), model));
    const char* recogniser = std::getenv(kRecogniserVariable);
    SATCHEL_TRY_ASSIGN(const auto file, read_recogniser(surroundings().disk, recogniser == nullptr ? "" : recogniser));
    if (!file.model.contents.empty()) SATCHEL_TRY(judge->use_recogniser(file));
    judge_ = std::move(judge);
  }
  return judge_.get();
}

Result<bool> Node::follow_profile() {
  SATCHEL_TRY_ASSIGN(Enrolled * all, enrolled());
  const Meta meta{*store_};
  SATCHEL_TRY_ASSIGN(const auto offered, meta.offered_profiles(all->campaign.founding));
  // A digest comes every few milliseconds; a profile that could not be read at the last one cannot be at this one.
  if (offered.empty() || offered.back() == passed_over_) return false;
  const core::SignedProfile before = all->campaign.profile;
  const auto version_text = [](const core::SignedProfile& one) { return "profile version " + std::to_string(one.version); };
  for (const core::SignedProfile& newest : std::views::reverse(offered)) {
    if (!core::newer_profile(newest, before)) break;
    auto profile = core::parse_profile(core::as_text(newest.toml));
    if (!profile) {
      log_.trouble(version_text(newest), profile.error());  // it may use keys of a newer program
      continue;
    }
    core::WriteBatch batch;
    Meta::put_followed_profile(batch, newest, offered);
    SATCHEL_TRY(store_->commit(batch, core::Durability::synced));
    all->campaign.profile = newest;
    all->profile = *std::move(profile);
    log_.note("follows " + version_text(newest));
    return true;
  }
  passed_over_ = offered.back();
  return false;
}

Result<void> Node::digest_arrivals() {
  SATCHEL_TRY_ASSIGN(Enrolled * all, enrolled());
  SATCHEL_TRY(all->ledger->open_inbox());
  SATCHEL_TRY(follow_profile());
  SATCHEL_TRY(all->ledger->set_aside_untrusted());
  SATCHEL_TRY(all->ledger->carry_out_purges());
  // Certificates may have come in by a session or a stick, not only in bundles: what we know stays known.
  if (members_kept_ != all->membership->size()) {
    core::WriteBatch batch;
    for (const core::Member& member : all->membership->all()) Meta::put_member(batch, member);
    SATCHEL_TRY(store_->commit(batch, core::Durability::synced));
    members_kept_ = all->membership->size();
  }
  look_at_disk();
  return heal_incarnation();  // somebody may have shown us our own numbers with other content
}

Result<void> Node::note_receipt() {
  core::WriteBatch batch;
  Meta::put_receipt_time(batch, surroundings_.clock.wall());
  SATCHEL_TRY(store_->commit(batch, core::Durability::later));
  return enrolled_ ? enrolled_->ledger->settle_proven() : Result<void>{};
}

void Node::look_at_disk() {
  if (!enrolled_) return;
  const auto free = surroundings_.disk.free_bytes(home_.path);
  if (!free) return;
  enrolled_->shelf->set_free_disk(*free);
  // Both only make room; what stands in their way stands in the way of the next write, too, and is told there.
  static_cast<void>(enrolled_->shelf->relieve().has_value());
  static_cast<void>(enrolled_->shelf->tidy().has_value());
}

}  // namespace satchel::node
