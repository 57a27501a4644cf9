// Cooldown and locks, drafts that are deleted, submissions that are taken back, and conflicts that a person settles.
#include <catch2/catch.hpp>

#include "core/campaign/conflicts.h"
#include "core/campaign/student.h"

using namespace satchel::core;

namespace {

constexpr StudentRef kStudent{77};
constexpr NodeNumber kEast{1};
constexpr NodeNumber kWest{2};
constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kNoon = 1'781'582'400'000;  // 2026-06-16T12:00 in China

RecordId id(std::uint8_t n) {
  RecordId out;
  out.value[0] = n;
  return out;
}

Moment at(std::int64_t ms, std::uint64_t boot = 5) { return {boot, {ms}, {kNoon + ms}}; }

Record listed() {
  RosterFact fact;
  fact.student = kStudent;
  fact.version = 1;
  fact.site_name = "东村";
  return {id(1), kHubNumber, fact};
}

struct Shot {
  Grade grade = Grade::fail;
  double score = 50;
  NodeNumber author = kEast;
  std::uint64_t phash = 0;
  std::string code = "Q-BLUR";
};

Record shot(std::uint8_t n, const Moment& taken, const Shot& how = {}) {
  CaptureFact fact;
  fact.student = kStudent;
  fact.taken = taken;
  fact.grade = how.grade;
  fact.score = how.score;
  fact.original.value[31] = n;
  fact.perceptual_hash = how.phash;
  if (how.grade == Grade::fail) fact.findings.push_back({how.code, Grade::fail, 0});
  return {id(n), how.author, fact};
}

Record submitted(std::uint8_t n, std::uint8_t of, NodeNumber author = kEast) {
  return {id(n), author, SubmissionFact{kStudent, id(of), {}, 0, 0}};
}

Profile rules() {
  Profile out;
  out.locks = {5, 3, 60, 2, {"Q-NO-FACE"}};
  return out;
}

Code refusal(const Result<void>& result) {
  REQUIRE(!result.has_value());
  return result.error().code;
}

}  // namespace

TEST_CASE("a failed check costs a wait, several a longer one, and drafts may be submitted meanwhile") {
  std::vector<Record> records{listed(), shot(2, at(0), {Grade::pass}), shot(3, at(kMinute))};
  StudentState state = fold(kStudent, records);
  CHECK(refusal(may_capture(state, rules(), at(2 * kMinute))) == Code::kCooldown);
  CHECK(may_capture(state, rules(), at(6 * kMinute)).has_value());
  CHECK(may_submit(state, id(2)).has_value());
  CHECK(may_override(Code::kCooldown));
  CHECK(may_override(Code::kLocked));

  records.push_back(shot(4, at(7 * kMinute)));
  records.push_back(shot(5, at(13 * kMinute)));
  state = fold(kStudent, records);
  const auto lock = locked(state, rules(), at(20 * kMinute));
  REQUIRE(lock.has_value());
  CHECK(lock->kind == Lock::Kind::failures);
  CHECK(lock->failures == 3);
  CHECK(lock->until == WallMs{kNoon + 73 * kMinute});
  CHECK(may_capture(state, rules(), at(20 * kMinute)).error().detail == "until 2026-06-16T05:13:00Z");
  CHECK(!locked(state, rules(), at(73 * kMinute)));
  CHECK(!locked(state, Profile{}, at(20 * kMinute)));
}

TEST_CASE("failed liveness locks until the next day in China") {
  const Shot no_face{Grade::fail, 0, kEast, 0, "Q-NO-FACE"};
  const StudentState state = fold(kStudent, std::vector{listed(), shot(2, at(0), no_face), shot(3, at(kMinute), no_face)});
  const auto lock = locked(state, rules(), at(3 * kHour));
  REQUIRE(lock.has_value());
  CHECK(lock->kind == Lock::Kind::day);
  CHECK(lock->until == WallMs{kNoon + 12 * kHour});
  CHECK(!locked(state, rules(), at(12 * kHour)));
}

TEST_CASE("a usable picture, an override and a later unlock end the count; an earlier unlock does not") {
  std::vector<Record> records{listed(), shot(2, at(0)), shot(3, at(1)), shot(4, at(2))};
  Record pass = shot(5, at(3), {Grade::advice});
  CHECK(!locked(fold(kStudent, std::vector{records[0], records[1], records[2], records[3], pass}), rules(), at(4)));
  UnlockFact unlock{kStudent, {}, 1, "", 1, {}};
  unlock.unlocked = at(kMinute, 99);
  std::vector<Record> opened = records;
  opened.push_back({id(9), kHubNumber, unlock});
  CHECK(!locked(fold(kStudent, opened), rules(), at(2 * kMinute)));
  unlock.unlocked = at(-kMinute, 99);
  opened.back() = {id(9), kHubNumber, unlock};
  CHECK(locked(fold(kStudent, opened), rules(), at(2 * kMinute)));
  unlock.unlocked = at(kMinute, 99);
  opened.back() = {id(9), kEast, unlock};
  CHECK(locked(fold(kStudent, opened), rules(), at(2 * kMinute)));
}

TEST_CASE("a wrong clock holds nobody: within a boot the monotonic clock counts, and a check from the future does not") {
  const StudentState state = fold(kStudent, std::vector{listed(), shot(2, at(0))});
  Moment set_back = at(2 * kMinute);
  set_back.wall.value -= 400 * 24 * kHour;
  REQUIRE(locked(state, rules(), set_back).has_value());
  CHECK(locked(state, rules(), set_back)->left_ms == 3 * kMinute);
  set_back.boot_id = 6;
  CHECK(!locked(state, rules(), set_back));
}

TEST_CASE("a draft is deleted only after its hours, only by who took it, and not once it is submitted") {
  std::vector<Record> records{listed(), shot(2, at(0), {Grade::pass})};
  StudentState state = fold(kStudent, records);
  CHECK(refusal(may_discard(state, rules(), id(2), at(23 * kHour))) == Code::kDraftYoung);
  CHECK(may_discard(state, rules(), id(2), at(24 * kHour)).has_value());
  CHECK(refusal(may_discard(state, rules(), id(9), at(24 * kHour))) == Code::kDraftUnknown);

  records.push_back({id(3), kWest, DiscardFact{kStudent, id(2), at(24 * kHour)}});
  CHECK(usable_drafts(fold(kStudent, records)).size() == 1);
  records.push_back({id(4), kEast, DiscardFact{kStudent, id(2), at(24 * kHour)}});
  state = fold(kStudent, records);
  CHECK(usable_drafts(state).empty());
  CHECK(state.captures.size() == 1);
  CHECK(refusal(may_submit(state, id(2))) == Code::kNoDraft);
  CHECK(refusal(may_discard(state, rules(), id(2), at(30 * kHour))) == Code::kDraftUnknown);

  records.push_back(submitted(5, 2));
  state = fold(kStudent, records);
  CHECK(state.stage == Stage::submitted);
  CHECK(refusal(may_discard(state, rules(), id(2), at(30 * kHour))) == Code::kDraftSubmitted);
}

TEST_CASE("a submission is taken back by its author, its picture is a draft again, and a verdict goes before it") {
  std::vector<Record> records{listed(), shot(2, at(0), {Grade::pass}), submitted(3, 2)};
  StudentState state = fold(kStudent, records);
  CHECK(may_withdraw(state, kEast).value() == id(3));
  CHECK(may_withdraw(state, kWest).error().code == Code::kNothingToWithdraw);
  records.push_back({id(4), kWest, WithdrawalFact{kStudent, id(3), at(1)}});
  CHECK(fold(kStudent, records).stage == Stage::submitted);
  records.push_back({id(5), kEast, WithdrawalFact{kStudent, id(3), at(1)}});
  state = fold(kStudent, records);
  CHECK(state.stage == Stage::drafted);
  CHECK(decided_against(state, id(3)));
  CHECK(may_submit(state, id(2)).has_value());
  records.push_back({id(6), kHubNumber, VerdictFact{kStudent, id(3), true, "", "", 1, {}}});
  CHECK(fold(kStudent, records).stage == Stage::approved);
}

TEST_CASE("a conflict has a proposal with its reason, and goes to a person when faces differ or scores are near") {
  Profile profile = rules();
  const auto with = [&](const Shot& east, const Shot& west, std::int64_t later = 1) {
    return fold(kStudent, std::vector{listed(), shot(2, at(0), east), shot(3, at(later), west), submitted(4, 2, east.author),
                                      submitted(5, 3, west.author)});
  };
  const StudentState clear = with({Grade::pass, 90}, {Grade::pass, 70, kWest});
  auto conflict = conflict_of(clear, profile);
  REQUIRE(conflict.has_value());
  CHECK(conflict->candidates[0].submission == id(4));
  CHECK(conflict->candidates[0].author == kEast);
  CHECK(conflict->reason == ConflictReason::better_score);
  CHECK(conflict->doubts.empty());

  const StudentState near = with({Grade::pass, 90}, {Grade::pass, 88, kWest, ~0ULL});
  conflict = conflict_of(near, profile);
  CHECK(conflict->doubts == std::vector{ConflictDoubt::faces_differ, ConflictDoubt::scores_near});
  CHECK(conflict->unlike_bits == 64);

  const StudentState better_check = with({Grade::advice, 90}, {Grade::pass, 88, kWest});
  conflict = conflict_of(better_check, profile);
  CHECK(conflict->candidates[0].submission == id(5));
  CHECK(conflict->reason == ConflictReason::better_grade);

  profile.windows = {{"", Step::collect, {kNoon - kHour}, {kNoon + kHour}, 0, 1440, ""},
                     {"", Step::recollect, {kNoon + kHour}, {kNoon + 3 * kHour}, 0, 1440, ""}};
  const StudentState stages = with({Grade::pass, 90}, {Grade::advice, 60, kWest}, 2 * kHour);
  conflict = conflict_of(stages, profile);
  CHECK(conflict->candidates[0].submission == id(5));
  CHECK(conflict->candidates[0].step == Step::recollect);
  CHECK(conflict->reason == ConflictReason::later_step);
  CHECK(conflict->doubts.empty());
}

TEST_CASE("a person's choice settles a conflict until something new comes, and the newest choice counts") {
  std::vector<Record> records{listed(), shot(2, at(0), {Grade::pass, 90}), shot(3, at(1), {Grade::pass, 70, kWest}),
                              submitted(4, 2), submitted(5, 3, kWest)};
  records.push_back({id(6), kHubNumber, ResolutionFact{kStudent, id(5), {id(4)}, "", 1, {}}});
  StudentState state = fold(kStudent, records);
  CHECK(!state.flags.conflict);
  CHECK(state.current == id(5));
  CHECK(dismissed(state, id(4)));
  CHECK(!decided_against(state, id(4)));
  CHECK(next_review_epoch(state) == 2);

  std::vector<Record> changed = records;
  changed.push_back({id(7), kHubNumber, ResolutionFact{kStudent, id(4), {id(5)}, "", 2, {}}});
  CHECK(fold(kStudent, changed).current == id(4));

  records.push_back(shot(8, at(2), {Grade::pass, 95}));
  records.push_back(submitted(9, 8));
  CHECK(fold(kStudent, records).flags.conflict);
  records.push_back({id(10), kWest, ResolutionFact{kStudent, id(9), {id(5)}, "", 9, {}}});
  state = fold(kStudent, records);
  CHECK(state.flags.conflict);
  CHECK(state.flags.foreign_decision);
}

TEST_CASE("who was not taken when the windows are over is expired, but for an unlock") {
  Profile profile;
  profile.windows = {{"", Step::collect, {0}, {kNoon}, 0, 1440, ""}};
  CHECK(!expired(fold(kStudent, std::vector{listed()}), profile, {kNoon - 1}));
  CHECK(expired(fold(kStudent, std::vector{listed()}), profile, {kNoon}));
  CHECK(!expired(fold(kStudent, std::vector{listed()}), Profile{}, {kNoon}));
  CHECK(!expired(fold(kStudent, std::vector{listed(), shot(2, at(0), {Grade::pass}), submitted(3, 2)}), profile, {kNoon}));
  const Record unlock{id(9), kHubNumber, UnlockFact{kStudent, {}, 1, "", 1, {}}};
  CHECK(!expired(fold(kStudent, std::vector{listed(), unlock}), profile, {kNoon}));
}
