#include "tests/sim/machine.h"

#include <algorithm>

#include "node/heal.h"
#include "node/meta.h"

namespace satchel::tests {

using core::Bytes;
using core::Lane;
using core::Result;

namespace {

constexpr const char* kHome = "home";
constexpr const char* kHighWater = "home/highwater";
constexpr const char* kStickFolder = "usb";

}  // namespace

Cast::Cast(std::uint64_t seed, const std::vector<core::Role>& roles) {
  SeededRng rng{seed};
  for (std::size_t i = 0; i < roles.size(); ++i) identities.push_back(core::make_identity(rng));
  const core::BoxKeys recovery = core::make_box_keys(rng);
  founding = core::make_founding("swarm", identities.front(), recovery.public_key, rng);
  secrets = core::make_campaign_secrets(rng);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    const std::string name = i == 0 ? "hub" : std::string{core::role_name(roles[i])} + std::to_string(i);
    members.push_back(core::make_member(founding.id(), core::NodeNumber{number}, roles[i], name, identities[i].sign.public_key,
                                        identities[i].box.public_key, identities.front().sign));
  }
}

Machine::Machine(const EventQueue& events, const Cast& cast, std::size_t number, std::uint64_t seed)
    : member(cast.members.at(number)),
      identity(cast.identities.at(number).clone()),
      secrets(cast.secrets.clone()),
      clock(events),
      rng(seed),
      founding_(cast.founding) {
  SATCHEL_CHECK(disk.make_folder(kHome).has_value());
  clock.mono_off_us = static_cast<std::int64_t>(rng.below(1'000'000)) * kSecond;
}

Result<void> Machine::enrol(const std::vector<core::Member>& known) {
  core::WriteBatch batch;
  node::Meta::put_self(batch, {member.role, member.name});
  for (const core::Member& each : known) node::Meta::put_member(batch, each);
  SATCHEL_TRY(front->commit(batch, core::Durability::synced));
  return start();
}

node::LedgerBase Machine::base() {
  return {surroundings_, *front, *shelf, *membership, identity, secrets, *high_water, member.number, diary};
}

Result<void> Machine::open() {
  const node::Meta meta{*front};
  membership = std::make_unique<core::Membership>(founding_);
  SATCHEL_TRY_ASSIGN(const auto members, meta.members(founding_));
  for (const core::Member& each : members) SATCHEL_TRY(membership->add(each));
  members_kept_ = members.size();
  SATCHEL_TRY_ASSIGN(const auto revocations, meta.revocations());
  for (const core::Revocation& revocation : revocations) membership->revoke(revocation);
  SATCHEL_TRY_ASSIGN(core::HighWater opened, core::HighWater::open(disk, kHighWater, rng));
  high_water = std::make_unique<core::HighWater>(std::move(opened));
  SATCHEL_TRY_ASSIGN(shelf, protocol::Shelf::open(*front, *membership, member.number, member.role, limits));
  shelf->set_free_disk(free_disk);
  ledger = std::make_unique<node::Ledger>(base());
  SATCHEL_TRY(ledger->set_aside_untrusted());
  return heal();
}

Result<void> Machine::heal() {
  if (heals) return node::heal_incarnation(base(), *ledger);
  SATCHEL_TRY(ledger->issue_receipt());
  return {};
}

Result<void> Machine::start() {
  stop();
  const Result<void> opened = open();
  if (!opened) stop();
  return opened;
}

void Machine::stop() {
  ledger.reset();
  shelf.reset();
  high_water.reset();
  membership.reset();
}

void Machine::power_cut() {
  stop();
  store.crash(rng.below(store.unsynced() + 1));
  disk.crash(&rng);
  clock.mono_off_us = static_cast<std::int64_t>(rng.below(1'000)) * kSecond;  // a new boot: the clock begins anywhere
  clock.boot = rng.u64() | 1U;
}

Result<void> Machine::digest() {
  shelf->set_free_disk(free_disk);
  SATCHEL_TRY(ledger->open_inbox());
  SATCHEL_TRY(ledger->set_aside_untrusted());
  SATCHEL_TRY(keep_members());
  SATCHEL_TRY(heal());
  return ledger->release();
}

Result<void> Machine::keep_members() {
  const auto all = membership->all();
  if (members_kept_ == all.size()) return {};
  core::WriteBatch batch;
  for (const core::Member& each : all) node::Meta::put_member(batch, each);
  SATCHEL_TRY(front->commit(batch, core::Durability::synced));
  members_kept_ = all.size();
  return {};
}

DiskImage Machine::image() const {
  DiskImage out{store, disk};
  out.store.crash();
  out.store.fail_from_commit(0);
  out.disk.fail_from_write(0);
  return out;
}

bool Machine::stands_after_a_cut(const core::Receipt& receipt) const {
  if (all_synced()) return true;
  if (layer != nullptr) return false;
  DiskImage left = image();
  const auto opened = protocol::Shelf::open(left.store, *membership, member.number, member.role, limits);
  if (!opened) return false;
  const core::Frontier held = (*opened)->frontier();
  return std::ranges::all_of(receipt.logs, [&](const auto& each) { return held.at(each.first) >= each.second.stored; });
}

void Machine::put_back(const DiskImage& image, bool whole) {
  SATCHEL_CHECK(!running());
  store = image.store;
  if (whole) disk = image.disk;
}

Bytes Machine::picture(std::size_t size) {
  Bytes out(std::max<std::size_t>(size, 16));
  rng.fill(out);
  return out;
}

Result<Submission> Machine::submit(core::StudentRef student, std::size_t preview, std::size_t photo, std::size_t original) {
  node::Ledger::Turn turn = ledger->turn();
  Submission out;
  out.student = student;
  out.has_original = original > 0;
  core::CaptureFact capture;
  capture.student = student;
  capture.taken = clock.moment();
  capture.grade = core::Grade::pass;
  capture.score = 90;
  capture.judge_version = "swarm";
  const Bytes preview_bytes = picture(preview);
  SATCHEL_TRY(turn.send(preview_bytes, Lane::photo));
  out.preview = protocol::blob_hash(preview_bytes);
  const Bytes standard = picture(photo);
  SATCHEL_TRY_ASSIGN(out.standard, turn.keep(standard));
  core::SubmissionFact fact{student, {}, clock.moment(), 0, 0};
  SATCHEL_TRY_ASSIGN(fact.photo_bundle, turn.send(standard, Lane::photo));
  if (original > 0) {
    const Bytes bytes = picture(original);
    SATCHEL_TRY_ASSIGN(out.original, turn.keep(bytes));
    SATCHEL_TRY_ASSIGN(fact.original_bundle, turn.send(bytes, Lane::original));
  }
  capture.preview = out.preview;
  capture.standard = out.standard;
  capture.original = out.original;
  SATCHEL_TRY_ASSIGN(out.capture, turn.state(core::kToHub, Lane::record, capture));
  fact.capture = out.capture;
  SATCHEL_TRY_ASSIGN(out.submission, turn.state(core::kToHub, Lane::record, fact));
  SATCHEL_TRY(turn.commit());
  return out;
}

Result<core::RecordId> Machine::judge(core::NodeNumber site, core::StudentRef student, const core::RecordId& submission,
                                      bool approved) {
  SATCHEL_TRY_ASSIGN(const auto state, ledger->student(student));
  core::VerdictFact fact;
  fact.student = student;
  fact.submission = submission;
  fact.approved = approved;
  if (!approved) fact.reason = "R-BLUR";
  fact.decided = clock.moment();
  fact.review_epoch = ledger->number(state ? core::next_review_epoch(*state) : 1);
  node::Ledger::Turn turn = ledger->turn();
  SATCHEL_TRY_ASSIGN(const core::RecordId id, turn.state(core::Audience{site.value}, Lane::control, fact));
  SATCHEL_TRY(turn.commit());
  return id;
}

Result<void> Machine::enlist(core::NodeNumber site, core::StudentRef student, Lane lane) {
  SATCHEL_TRY_ASSIGN(const auto before, ledger->student(student));
  core::RosterFact fact;
  fact.student = student;
  fact.version = ledger->number(before && before->roster ? before->roster->version + 1 : 1);
  fact.site = site;
  fact.student_number = "N" + student.text();
  fact.name = "name of " + student.text();
  fact.class_name = "class " + std::to_string(site.value);
  node::Ledger::Turn turn = ledger->turn();
  SATCHEL_TRY(turn.state(core::Audience{site.value}, lane, fact));
  return turn.commit();
}

Result<void> Machine::introduce(const core::Member& other) {
  node::Ledger::Turn turn = ledger->turn();
  SATCHEL_TRY(turn.state(core::kEveryone, Lane::control, core::MemberFact{core::encode(other)}));
  return turn.commit();
}

Result<void> Machine::revoke(core::NodeNumber site, bool all_of_it) {
  core::RevocationFact fact;
  fact.revocation.number = site;
  const core::Frontier held = shelf->frontier();
  for (const auto& [log, seq] : held.entries()) {
    if (log.author.node == site && !all_of_it) fact.revocation.positions.push_back({log, seq});
  }
  node::Ledger::Turn turn = ledger->turn();
  SATCHEL_TRY(turn.state(core::kEveryone, Lane::control, fact));
  SATCHEL_TRY(turn.commit());
  SATCHEL_TRY(ledger->set_aside_untrusted());
  SATCHEL_TRY(ledger->issue_receipt());
  return {};
}

Result<std::size_t> Machine::release_quarantine() {
  SATCHEL_TRY_ASSIGN(const auto aside, shelf->quarantined());
  core::WriteBatch batch;
  std::size_t count = 0;
  for (const protocol::Quarantined& one : aside) {
    if (one.code != core::Code::kRevoked) continue;
    SATCHEL_TRY(shelf->release(batch, one.id));
    ++count;
  }
  SATCHEL_TRY(front->commit(batch, core::Durability::synced));
  SATCHEL_TRY(ledger->open_inbox());
  return count;
}

Result<protocol::SessionSetup> Machine::session_setup() {
  SATCHEL_TRY(ledger->release());
  protocol::SessionSetup setup;
  setup.shelf = shelf.get();
  setup.link = {membership.get(), &identity.box, &member, &secrets.group_key, &rng};
  setup.learn = [this](const core::Member& learnt) -> Result<void> {
    SATCHEL_TRY(membership->add(learnt));
    core::WriteBatch batch;
    node::Meta::put_member(batch, learnt);
    return front->commit(batch, core::Durability::later);
  };
  return setup;
}

Result<protocol::StickReport> Machine::read_stick(core::Disk& stick) {
  auto report = protocol::read_stick(stick, kStickFolder, *shelf, *membership, {member, identity.sign});
  if (report) SATCHEL_TRY(digest());
  return report;
}

Result<protocol::StickReport> Machine::write_stick(core::Disk& stick) {
  SATCHEL_TRY(shelf->flush());
  SATCHEL_TRY(ledger->release());
  return protocol::write_stick(stick, kStickFolder, *shelf, {member, identity.sign});
}

}  // namespace satchel::tests
