// What every way of taking a picture does: judge, keep, choose.
#include "node/shooting.h"

#include "core/portrait/phash.h"
#include "node/picture_limits.h"
#include "node/pictures.h"
#include "node/standard_options.h"
#include "node/verdict_json.h"
#include "node/visitors.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Lane;
using core::Result;
namespace portrait = core::portrait;

namespace {

constexpr std::string_view kJudgeVersion = "satchel-0.1";

core::Grade grade_of(portrait::Level level) {
  switch (level) {
    case portrait::Level::fail: return core::Grade::fail;
    case portrait::Level::advice: return core::Grade::advice;
    case portrait::Level::pass:
    case portrait::Level::unknown: break;
  }
  return core::Grade::pass;
}

/// The face in the admission photo; none without a recogniser, or when no photo was given: then that rule cannot tell.
Result<std::optional<portrait::FaceFeatures>> admission_face(Node& node, portrait::Judge& judge, const std::string& path) {
  std::optional<portrait::FaceFeatures> out;
  if (path.empty() || !judge.has_recogniser()) return out;
  SATCHEL_TRY_ASSIGN(const Bytes file, read_picture_file(node.surroundings().disk, path));
  SATCHEL_TRY_ASSIGN(const portrait::Picture picture, portrait::decode(file, portrait::kDecodeToJudge));
  return judge.features(picture);
}

Result<Shot> shoot(Node& node, const Enrolled& all, core::StudentRef student, const std::string& path,
                   const std::string& admission_path) {
  Shot shot;
  SATCHEL_TRY_ASSIGN(shot.original, read_picture_file(node.surroundings().disk, path));
  SATCHEL_TRY_ASSIGN(const portrait::Picture picture, portrait::decode(shot.original, portrait::kDecodeToJudge));
  SATCHEL_TRY_ASSIGN(portrait::Judge * judge, node.judge());
  SATCHEL_TRY_ASSIGN(const portrait::Limits limits, picture_limits(all.profile));
  SATCHEL_TRY_ASSIGN(const auto admission, admission_face(node, *judge, admission_path));
  shot.verdict = judge->check(picture, limits, portrait::read_marks(shot.original), admission);
  SATCHEL_TRY_ASSIGN(portrait::Standard standard,
                     portrait::make_standard(picture, shot.verdict, limits, standard_options(all.profile)));
  SATCHEL_TRY_ASSIGN(shot.preview, portrait::make_preview(standard.picture, limits));
  shot.standard = std::move(standard.jpeg);
  shot.ground = std::move(standard.ground);
  if (shot.ground && shot.ground->change == portrait::GroundChange::replaced) portrait::forgive_ground_colour(shot.verdict);

  core::CaptureFact& fact = shot.fact;
  fact.student = student;
  fact.taken = node.surroundings().clock.moment();
  fact.grade = grade_of(shot.verdict.verdict);
  fact.score = shot.verdict.score;
  for (const portrait::Finding& finding : shot.verdict.findings) {
    if (finding.level != portrait::Level::fail && finding.level != portrait::Level::advice) continue;
    fact.findings.push_back({std::string(finding.code), grade_of(finding.level), finding.value});
  }
  if (shot.ground && shot.ground->change != portrait::GroundChange::replaced) {
    // Signed with the record, so that the reviewer knows why the ground is the old one.
    const std::string code(portrait::words_of(shot.ground->change).code);
    fact.findings.push_back({code, core::Grade::advice, shot.ground->residual});
  }
  fact.original = protocol::blob_hash(shot.original);
  fact.original_size = shot.original.size();
  fact.standard = protocol::blob_hash(shot.standard);
  fact.standard_size = shot.standard.size();
  fact.preview = protocol::blob_hash(shot.preview);
  fact.perceptual_hash = portrait::perceptual_hash(standard.picture);
  fact.judge_version = kJudgeVersion;
  return shot;
}

/// The renditions of one picture.
struct Renditions {
  core::ByteView preview;
  core::ByteView standard;
  core::ByteView original;
};

/// States the submission of `capture` and sends its pictures, each in a bundle of its own: sixty records of half a kilobyte are
/// at the hub in fifteen seconds of a line of 20 kbit/s, and with 4 KB of preview in each of their bundles it would be two
/// minutes. The preview, in the lane of the picture, passes that for its shortness. The submission names the others, so that a
/// rejection reaches what is still on its way.
Result<core::RecordId> state_submission(Ledger::Turn& turn, core::StudentRef student, const core::RecordId& capture,
                                        const core::Moment& now, const Renditions& pictures,
                                        const std::vector<std::string>& looked_at) {
  core::SubmissionFact fact{student, capture, now, 0, 0, looked_at};
  SATCHEL_TRY(turn.send(pictures.preview, Lane::photo));
  SATCHEL_TRY_ASSIGN(fact.photo_bundle, turn.send(pictures.standard, Lane::photo));
  SATCHEL_TRY_ASSIGN(fact.original_bundle, turn.send(pictures.original, Lane::original));
  return turn.state(core::kToHub, Lane::record, fact);
}

}  // namespace

Result<core::StudentState> known_student(Node& node, const Enrolled& all, core::StudentRef ref) {
  SATCHEL_TRY_ASSIGN(auto state, all.ledger->student(ref));
  if (state && state->roster) return *std::move(state);
  SATCHEL_TRY_ASSIGN(const auto entry, find_in_index(node.store(), ref));
  if (!entry || entry->delisted) return Code::kStudentUnknown;
  if (entry->exempt) return Code::kExempt;
  core::StudentState visitor = state ? *std::move(state) : core::fold(ref, {});
  core::RosterFact row;
  row.student = ref;
  row.site = entry->site;
  row.must_retake = entry->must_retake;
  if (const auto home = all.membership->find(entry->site)) row.site_name = home->name;
  visitor.roster = std::move(row);
  if (visitor.stage == core::Stage::unknown) visitor.stage = core::Stage::eligible;
  return visitor;
}

Result<Taken> take_picture(Node& node, Enrolled& all, core::StudentRef student, const std::string& path, const TakeWish& wish) {
  SATCHEL_TRY_ASSIGN(const core::StudentState before, known_student(node, all, student));
  const core::Clock& clock = node.surroundings().clock;
  if (const auto may = core::may_capture(before, all.profile, clock.moment()); !may) {
    if (wish.override_reason.empty() || !core::may_override(may.error().code)) return may.error();
  }
  Taken taken;
  SATCHEL_TRY_ASSIGN(taken.shot, shoot(node, all, student, path, wish.admission));
  Shot& shot = taken.shot;
  shot.fact.override_reason = wish.override_reason;
  const bool submit_now = shot.fact.usable() && wish.submit;

  Ledger::Turn turn = all.ledger->turn();
  if (core::urgent(before)) turn.make_urgent();
  if (wish.match) SATCHEL_TRY(turn.state(core::kToHub, Lane::record, *wish.match));
  SATCHEL_TRY_ASSIGN(taken.draft, turn.state(core::kToHub, Lane::record, shot.fact));
  if (submit_now) {
    const Renditions pictures{shot.preview, shot.standard, shot.original};
    SATCHEL_TRY_ASSIGN(taken.submission, state_submission(turn, student, taken.draft, clock.moment(), pictures, wish.looked_at));
  } else {
    for (const core::ByteView bytes :
         {core::ByteView{shot.preview}, core::ByteView{shot.standard}, core::ByteView{shot.original}}) {
      SATCHEL_TRY(turn.keep(bytes));
    }
  }
  SATCHEL_TRY(turn.commit());
  node.log().note("captured " + student.text() + " " + std::string(grade_name(shot.fact.grade)) +
                  (taken.submission ? ", submitted" : ""));
  const std::uint32_t most = core::attempts_allowed(before, all.profile);
  taken.attempt = before.attempts_total() + 1;
  taken.attempts_left = most > taken.attempt ? most - taken.attempt : 0;
  SATCHEL_TRY_ASSIGN(const auto after, all.ledger->student(student));
  if (after) taken.lock = core::locked(*after, all.profile, clock.moment());
  return taken;
}

Result<core::RecordId> submit_draft(Node& node, Enrolled& all, const core::StudentState& state, const core::CaptureSeen& draft,
                                    const std::vector<std::string>& looked_at) {
  SATCHEL_TRY(core::may_submit(state, draft.id));
  SATCHEL_TRY_ASSIGN(const Bytes preview, all.ledger->blobs().get(draft.fact.preview));
  SATCHEL_TRY_ASSIGN(const Bytes standard, all.ledger->blobs().get(draft.fact.standard));
  SATCHEL_TRY_ASSIGN(const Bytes original, all.ledger->blobs().get(draft.fact.original));
  Ledger::Turn turn = all.ledger->turn();
  if (core::urgent(state)) turn.make_urgent();
  const Renditions pictures{preview, standard, original};
  SATCHEL_TRY_ASSIGN(const core::RecordId submission,
                     state_submission(turn, state.student, draft.id, node.surroundings().clock.moment(), pictures, looked_at));
  SATCHEL_TRY(turn.commit());
  node.log().note("submitted " + state.student.text());
  return submission;
}

}  // namespace satchel::node
