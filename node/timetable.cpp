// The timetable, and who is next at a station.
#include "node/timetable.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <set>

#include "core/campaign/natural_order.h"
#include "core/campaign/reasons.h"
#include "core/campaign/timetable.h"
#include "core/campaign/windows.h"
#include "core/code/mask.h"
#include "node/arguments.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kFileMax = 16ULL * 1024 * 1024;
constexpr std::uint64_t kQueueListed = 20;

json::object note_document(const core::SlotNote& note) {
  json::object out{{"line", note.line}, {"code", note.code}, {"shown", note.shown}};
  if (const core::SlotMessage* message = core::slot_message(note.code)) put_words(out, *message);
  return out;
}

json::array note_documents(const std::vector<core::SlotNote>& notes) {
  json::array out;
  for (const core::SlotNote& note : notes) out.push_back(note_document(note));
  return out;
}

/// Of each class, who is to be taken and who is still missing.
struct ClassCount {
  std::size_t eligible = 0;
  std::size_t missing = 0;
};
using Classes = std::map<std::string, ClassCount, core::NaturalLess>;

Result<Classes> count_classes(Node& node) {
  Classes out;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef, const Digest& digest) {
    if (!digest.eligible()) return;
    ClassCount& count = out[digest.class_name];
    ++count.eligible;
    count.missing += core::lacks_picture(digest.stage) ? 1U : 0U;
  }));
  return out;
}

int campaign_year(const core::Profile& profile, core::WallMs now) {
  const core::WallMs at = profile.windows.empty() ? now : profile.windows.front().from;
  return std::stoi(core::to_iso8601(at).substr(0, 4));
}

}  // namespace

Result<Answer> import_timetable(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "file"));
  const auto file = node.surroundings().disk.read(path, kFileMax);
  if (!file) return at_path(file.error(), path);
  const core::TimetableContext context{campaign_year(all->profile, node.surroundings().clock.wall()),
                                       all->profile.timetable.slot_min};
  SATCHEL_TRY_ASSIGN(const core::TimetableReport report, core::read_timetable(*file, context));
  if (report.slots.empty()) return Error{Code::kRosterBad, "no row of the timetable could be read"};

  SATCHEL_TRY_ASSIGN(const Classes classes, count_classes(node));
  std::set<std::string> placed;
  json::array unknown;
  for (const core::TimetableSlot& slot : report.slots) {
    if (slot.class_name.empty() || !placed.insert(slot.class_name).second) continue;
    if (!classes.contains(slot.class_name)) unknown.push_back(json::string(slot.class_name));
  }
  json::array unplaced;
  for (const auto& [name, count] : classes) {
    if (!name.empty() && !placed.contains(name)) unplaced.push_back(json::string(name));
  }
  const Meta meta{node.store()};
  SATCHEL_TRY_ASSIGN(const core::TimetableFact before, meta.timetable());
  const bool dry_run = flag(arguments, "dry_run");
  if (!dry_run && before.slots != report.slots) {
    Ledger::Turn turn = all->ledger->turn();
    SATCHEL_TRY(turn.state(core::kEveryone, core::Lane::control,
                           core::TimetableFact{all->ledger->number(before.version + 1), report.slots}));
    SATCHEL_TRY(turn.commit());
    node.log().note("timetable: " + std::to_string(report.slots.size()) + " slots");
  }
  Answer answer;
  answer.body["schema"] = "satchel.timetable_import/1";
  answer.body["dry_run"] = dry_run;
  answer.body["slots"] = report.slots.size();
  answer.body["classes"] = placed.size();
  answer.body["unknown_classes"] = std::move(unknown);
  answer.body["classes_without_slot"] = std::move(unplaced);
  answer.body["repairs"] = note_documents(report.repairs);
  answer.body["refused"] = note_documents(report.refused);
  if (!report.refused.empty()) answer.exit = core::Exit::partial;
  return answer;
}

Result<Answer> show_timetable(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY(node.enrolled());
  const std::string room = optional_text(arguments, "room");
  const std::string class_name = optional_text(arguments, "class");
  const Meta meta{node.store()};
  SATCHEL_TRY_ASSIGN(const core::TimetableFact timetable, meta.timetable());
  SATCHEL_TRY_ASSIGN(const Classes classes, count_classes(node));
  const core::WallMs now = node.surroundings().clock.wall();
  json::array slots;
  for (const core::TimetableSlot& slot : timetable.slots) {
    if ((!room.empty() && slot.room != room) || (!class_name.empty() && slot.class_name != class_name)) continue;
    json::object line{{"room", slot.room},
                      {"from", core::to_iso8601(slot.from)},
                      {"until", core::to_iso8601(slot.until)},
                      {"class", slot.class_name},
                      {"state", core::span_state(slot.from, slot.until, now)}};
    const auto found = classes.find(slot.class_name);
    if (!slot.class_name.empty() && found != classes.end()) {
      line["students"] = found->second.eligible;
      line["missing"] = found->second.missing;
    }
    slots.push_back(std::move(line));
  }
  Answer answer;
  answer.body["schema"] = "satchel.timetable/1";
  answer.body["version"] = timetable.version;
  answer.body["slots"] = std::move(slots);
  return answer;
}

namespace {

struct Waiting {
  int rank = 0;  ///< 0 first
  core::StudentState state;
  std::string_view why;
};

/// Why, and so when: the order of the queue.
Waiting waiting_of(core::StudentState state, const std::set<std::string>& present_classes) {
  Waiting out;
  if (state.roster->must_retake) {
    out.why = "must_retake";
  } else if (state.roster->last_term) {
    out.rank = 1;
    out.why = "last_term";
  } else if (present_classes.contains(state.roster->class_name)) {
    out.rank = 2;
    out.why = "slot";
  } else if (state.stage == core::Stage::rejected) {
    out.rank = 3;
    out.why = "rejected";
  } else {
    out.rank = 4;
    out.why = "order";
  }
  out.state = std::move(state);
  return out;
}

json::object waiting_document(const Waiting& waiting, const core::Profile& profile, const core::Moment& now) {
  const core::StudentState& state = waiting.state;
  json::object out{{"student", state.student.text()},
                   {"name", core::mask_name(state.roster->name)},
                   {"class", state.roster->class_name},
                   {"stage", core::stage_name(state.stage)},
                   {"why", waiting.why},
                   {"last_term", state.roster->last_term},
                   {"must_retake", state.roster->must_retake}};
  if (const auto lock = core::locked(state, profile, now)) out["until"] = core::to_iso8601(lock->until);
  const core::VerdictSeen* verdict = core::current_verdict(state);
  const core::RejectReason* reason =
      verdict != nullptr && !verdict->fact.approved ? core::reject_reason(verdict->fact.reason) : nullptr;
  if (reason != nullptr) {
    out["reason"] = reason->code;
    put_words(out, *reason);
  }
  return out;
}

}  // namespace

Result<Answer> show_queue(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  const std::string room = optional_text(arguments, "room");
  const bool recollect = flag(arguments, "recollect");
  SATCHEL_TRY_ASSIGN(const std::uint64_t limit, number_argument(arguments, "limit", kQueueListed));
  const Meta meta{node.store()};
  SATCHEL_TRY_ASSIGN(const core::TimetableFact timetable, meta.timetable());
  const core::Moment now = node.surroundings().clock.moment();
  std::set<std::string> present;
  for (const core::TimetableSlot& slot : timetable.slots) {
    const bool here = room.empty() || slot.room == room;
    if (here && now.wall >= slot.from && now.wall < slot.until && !slot.class_name.empty()) present.insert(slot.class_name);
  }
  std::vector<core::StudentRef> refs;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef ref, const Digest& digest) {
    const bool wanted = recollect ? digest.stage == core::Stage::rejected : core::lacks_picture(digest.stage);
    if (wanted && digest.eligible()) refs.push_back(ref);
  }));
  std::vector<Waiting> waiting;
  for (const core::StudentRef ref : refs) {
    SATCHEL_TRY_ASSIGN(auto state, all->ledger->student(ref));
    if (state && state->roster) waiting.push_back(waiting_of(*std::move(state), present));
  }
  std::ranges::sort(waiting, [](const Waiting& a, const Waiting& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    const core::RosterFact& left = *a.state.roster;
    const core::RosterFact& right = *b.state.roster;
    if (const int order = core::natural_compare(left.class_name, right.class_name); order != 0) return order < 0;
    return core::natural_compare(left.student_number, right.student_number) < 0;
  });
  json::array queue;
  for (const Waiting& one : waiting) {
    if (queue.size() >= limit) break;
    queue.push_back(waiting_document(one, all->profile, now));
  }
  json::array classes;
  for (const std::string& name : present) classes.push_back(json::string(name));
  Answer answer;
  answer.body["schema"] = "satchel.queue/1";
  answer.body["recollect"] = recollect;
  answer.body["waiting"] = waiting.size();
  answer.body["present_classes"] = std::move(classes);
  answer.body["queue"] = std::move(queue);
  if (const auto next = core::next_window(all->profile, node.self().name, core::Step::recollect, now.wall)) {
    answer.body["recollect_from"] = core::to_iso8601(next->from);
    answer.body["recollect_until"] = core::to_iso8601(next->until);
  }
  return answer;
}

}  // namespace satchel::node
