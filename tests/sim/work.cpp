#include "tests/sim/work.h"

namespace satchel::tests {

void Work::begin() {
  const auto going = [this] { return going_; };
  every(world_, world_.plan().work_every_us, going, [this] { submit(); });
  every(world_, world_.plan().work_every_us, going, [this] { review(); });
  every(world_, world_.plan().work_every_us * 2, going, [this] { enlist(); });
  if (world_.has(Fault::strangers)) {
    for (std::size_t i = 1; i < world_.size(); ++i) SATCHEL_CHECK(world_.hub().introduce(world_.machine(i).member).has_value());
  }
  if (world_.has(Fault::revocation)) {
    const auto when = world_.plan().trouble_us / 2 + static_cast<std::int64_t>(world_.chance(1'000)) * kMs;
    world_.events.after(when, [this] { revoke(); });
  }
}

/// A hub that was set back finds out at its next word to each node, at the latest: here is one, in both lanes that people notice.
void Work::end() {
  going_ = false;
  if (!world_.model.hub_set_back || !world_.runs(0)) return;
  for (std::size_t i = 1; i < world_.size(); ++i) {
    const core::NodeNumber site = world_.machine(i).member.number;
    for (const core::Lane lane : {core::Lane::control, core::Lane::record}) {
      const core::StudentRef student = fresh_student();
      if (world_.hub().enlist(site, student, lane)) world_.model.enlisted({student, site});
    }
  }
  if (world_.size() > 1) static_cast<void>(world_.hub().introduce(world_.machine(1).member));
  world_.digest_soon(0);
}

void Work::submit() {
  const std::size_t index = 1 + world_.chance(world_.size() - 1);
  Machine& site = world_.machine(index);
  if (site.member.role != core::Role::site || !site.running()) return;
  const Plan& plan = world_.plan();
  const std::size_t original =
      world_.has(Fault::originals) && world_.chance(2) == 0 ? 1'000 + world_.chance(plan.original_bytes) : 0;
  core::StudentRef student = fresh_student();
  // Sometimes one whom the hub has rejected.
  for (const std::size_t each : world_.model.disks[index].submissions) {
    const Model::Done& done = world_.model.submissions[each];
    const auto state = site.ledger->student(done.what.student);
    if (!state || !*state || (*state)->stage != core::Stage::rejected || world_.chance(2) == 0) continue;
    student = done.what.student;
    break;
  }
  const auto done = site.submit(student, 16 + world_.chance(plan.preview_bytes), 100 + world_.chance(plan.photo_bytes), original);
  if (!done) {
    world_.note(site.name() + " cannot submit: " + std::string{core::info(done.error().code).id});
    // A life that is over takes nothing more until the program has looked at what came in.
    const bool explained = world_.station(index).disk_trouble > 0 || site.shelf->forsaken(site.high_water->incarnation());
    if (!explained) world_.oracles.fault(Oracles::Kind::broken, site.name() + " cannot submit");
    return;
  }
  world_.note(site.name() + " submits " + student.text());
  world_.count("submissions");
  world_.model.submitted(index, site.member.number, *done);
  world_.oracles.check(index);
  world_.digest_soon(index);
}

void Work::review() {
  Machine& hub = world_.hub();
  if (!hub.running() || world_.model.submissions.empty()) return;
  const Model::Done& done = world_.model.submissions[world_.chance(world_.model.submissions.size())];
  const auto state = hub.ledger->student(done.what.student);
  if (!state || !*state || (*state)->current != done.what.submission || !core::may_review(**state)) return;
  if (core::current_verdict(**state) != nullptr) return;
  const bool has_picture = hub.ledger->blobs().find(done.what.standard).value().has_value();
  const bool approved = has_picture && world_.chance(4) > 0;  // before a picture has come, its preview can be rejected
  const auto verdict = hub.judge(done.site, done.what.student, done.what.submission, approved);
  if (!verdict) return;
  world_.note("the hub decides on " + done.what.student.text());
  world_.count("verdicts");
  world_.model.judged({*verdict, done.what.student, done.what.submission, done.site, approved});
  world_.digest_soon(0);
}

void Work::enlist() {
  Machine& hub = world_.hub();
  const std::size_t index = 1 + world_.chance(world_.size() - 1);
  const Machine& site = world_.machine(index);
  if (!hub.running() || site.member.role != core::Role::site) return;
  core::StudentRef student = fresh_student();
  const auto& mine = world_.model.disks[index].submissions;
  if (!mine.empty() && world_.chance(2) == 0) student = world_.model.submissions[*mine.begin()].what.student;
  if (!hub.enlist(site.member.number, student)) return;
  world_.note("the hub lists " + student.text() + " for " + site.name());
  world_.model.enlisted({student, site.member.number});
  world_.digest_soon(0);
}

void Work::revoke() {
  Machine& hub = world_.hub();
  std::vector<std::size_t> sites;
  for (std::size_t i = 1; i < world_.size(); ++i) {
    if (world_.machine(i).member.role == core::Role::site) sites.push_back(i);
  }
  const core::NodeNumber site = world_.machine(sites[world_.chance(sites.size())]).member.number;
  // From here on nothing is expected of it; what the hub has opened stays, counted or set aside.
  world_.model.revoked.insert(site);
  const bool all_of_it = world_.chance(2) == 0;
  const bool done = hub.running() && hub.revoke(site, all_of_it).has_value();
  // A disk that fills up after the first of its steps does not take the word back.
  if (!done && !(hub.running() && hub.membership->revoked(site))) {
    world_.model.revoked.erase(site);
    return;
  }
  world_.note("the hub revokes node " + std::to_string(site.value));
  world_.digest_soon(0);
  if (world_.chance(2) == 0) return;
  world_.events.after(kMinute, [this] {
    if (!world_.runs(0)) return;
    const auto released = world_.hub().release_quarantine();
    world_.note("a person lets in " + std::to_string(released ? *released : 0));
    world_.digest_soon(0);
  });
}

}  // namespace satchel::tests
