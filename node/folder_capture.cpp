// A photographer's folder: each picture finds its student by the name of its file, and is judged and kept like one from the desk.
#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <set>

#include "core/campaign/natural_order.h"
#include "core/campaign/photo_names.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/checklist.h"
#include "node/desk.h"
#include "node/picture_files.h"
#include "node/pictures.h"
#include "node/shooting.h"
#include "node/standard_options.h"
#include "node/station.h"
#include "node/verdict_json.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kTableMax = 16ULL * 1024 * 1024;

/// What this node knows when the import begins.
struct Known {
  core::PhotoNames names;
  std::map<core::Hash, core::StudentRef> originals;  ///< every picture that was ever taken, by its untouched file
  std::set<core::StudentRef> urgent;
  std::set<core::StudentRef> lacking;  ///< still to be taken
};

Result<Known> known_here(Node& node, const Enrolled& all) {
  Known out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    for (const core::CaptureSeen& capture : state.captures) out.originals.emplace(capture.fact.original, state.student);
    if (!state.roster || state.roster->delisted) return {};
    out.names.add(*state.roster);
    if (core::urgent(state)) out.urgent.insert(state.student);
    if (core::lacks_picture(state.stage)) out.lacking.insert(state.student);
    return {};
  }));
  return out;
}

struct Import {
  Node& node;
  Enrolled& all;
  bool submit = false;
  std::vector<std::string> looked_at;  ///< of the operator's checklist
  json::array lines;
  std::size_t taken = 0;
  std::size_t usable = 0;
  std::size_t failed = 0;
  std::size_t already = 0;
  std::size_t refused = 0;
  std::size_t submitted = 0;

  void refuse(const std::string& file, const Error& error, core::StudentRef student = {}) {
    ++refused;
    json::object line{{"file", file}, {"outcome", "refused"}, {"error", error_item(error)}};
    if (student != core::StudentRef{}) line["student"] = student.text();
    lines.push_back(std::move(line));
  }
  /// Takes one picture; only what stops all others (a full disk) is an error.
  Result<void> take(const PictureFile& picture, core::StudentRef student, Known& known);
  /// The best of the student's drafts, once all its pictures have been taken.
  Result<void> submit_best(core::StudentRef student);
};

/// Of a verdict what a list of hundreds has room for.
json::object short_verdict(const core::portrait::Verdict& verdict) {
  json::object whole = verdict_document(verdict, {}, std::nullopt);
  return {{"verdict", whole["verdict"]}, {"score", whole["score"]}, {"findings", whole["findings"]}};
}

/// The picture itself can be at fault, or the rules say no; then the next one has its turn.
bool stops_all(const Error& error) { return core::info(error.code).exit == core::Exit::storage; }

Result<void> Import::take(const PictureFile& picture, core::StudentRef student, Known& known) {
  const auto bytes = read_picture_file(node.surroundings().disk, picture.path);
  if (!bytes) {
    refuse(picture.shown, Error{bytes.error().code, {}}, student);
    return {};
  }
  const core::Hash original = protocol::blob_hash(*bytes);
  if (const auto before = known.originals.find(original); before != known.originals.end()) {
    if (before->second != student) {
      refuse(picture.shown, Error{Code::kPhotoOfOther, before->second.text()}, student);
      return {};
    }
    ++already;
    lines.push_back(json::object{{"file", picture.shown}, {"outcome", "already"}, {"student", student.text()}});
    return {};
  }
  const auto result = take_picture(node, all, student, picture.path, {});
  if (!result) {
    if (stops_all(result.error())) return result.error();
    // A path says whose picture it is; what else a detail holds (until when it is locked) is told.
    const bool names_path = result.error().detail.find(picture.path) != std::string::npos;
    refuse(picture.shown, names_path ? Error{result.error().code, {}} : result.error(), student);
    return {};
  }
  known.originals.emplace(original, student);
  const core::CaptureFact& fact = result->shot.fact;
  ++taken;
  ++(fact.usable() ? usable : failed);
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, all, student));
  json::object line{{"file", picture.shown},
                    {"outcome", "taken"},
                    {"student", student.text()},
                    {"name", core::mask_name(state.roster->name)},
                    {"attempt", result->attempt},
                    {"attempts_left", result->attempts_left},
                    {"draft", fact.usable() ? json::value(short_id(result->draft)) : json::value()},
                    {"verdict", short_verdict(result->shot.verdict)}};
  if (result->shot.ground) line["ground"] = ground_document(*result->shot.ground);
  if (result->lock) line["lock"] = lock_document(*result->lock);
  lines.push_back(std::move(line));
  return {};
}

Result<void> Import::submit_best(core::StudentRef student) {
  SATCHEL_TRY_ASSIGN(const bool done, submit_best_draft(node, all, student, looked_at));
  submitted += done ? 1U : 0U;
  return {};
}

struct Found {
  PictureFile picture;
  core::StudentRef student;
};

/// Whose each picture is; those of nobody are told at once. The urgent go first, then by the name of the file.
Result<std::vector<Found>> match(Import& import, const Known& known, const FolderPictures& folder,
                                 const std::string& table_path) {
  std::map<std::string, std::string, std::less<>> table;
  if (!table_path.empty()) {
    const auto file = read_named(import.node.surroundings().disk, table_path, kTableMax);
    if (!file) return file.error();
    SATCHEL_TRY_ASSIGN(table, core::read_photo_table(*file));
  }
  std::vector<Found> out;
  for (const PictureFile& picture : folder.pictures) {
    const PictureFile shown{core::veiled_file_name(picture.shown), picture.path};
    const std::string_view stem = core::photo_stem(picture.path);
    const auto listed = table.find(stem);
    const core::PhotoNames::Match match = known.names.find(listed != table.end() ? std::string_view(listed->second) : stem);
    switch (match.kind) {
      case core::PhotoNames::Kind::one: out.push_back({shown, match.student}); break;
      case core::PhotoNames::Kind::nobody: import.refuse(shown.shown, Error{Code::kPhotoOfNobody, {}}); break;
      case core::PhotoNames::Kind::several: import.refuse(shown.shown, Error{Code::kPhotoOfSeveral, {}}); break;
    }
  }
  std::ranges::stable_sort(out, [&](const Found& a, const Found& b) {
    const bool first = known.urgent.contains(a.student);
    const bool second = known.urgent.contains(b.student);
    if (first != second) return first;
    return core::natural_compare(a.picture.path, b.picture.path) < 0;
  });
  return out;
}

core::Exit exit_of(const Import& import) {
  if (import.refused == 0 && import.failed == 0) return core::Exit::ok;
  if (import.refused == 0 && import.usable + import.already == 0) return core::Exit::check_failed;
  return core::Exit::partial;
}

}  // namespace

Result<bool> submit_best_draft(Node& node, Enrolled& all, core::StudentRef student, const std::vector<std::string>& looked_at) {
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, all, student));
  const core::CaptureSeen* best = nullptr;
  for (const core::CaptureSeen* draft : core::usable_drafts(state)) {
    if (draft->author != all.campaign.number || !core::may_submit(state, draft->id)) continue;
    const bool better = best == nullptr || draft->fact.grade < best->fact.grade ||
                        (draft->fact.grade == best->fact.grade && draft->fact.score > best->fact.score);
    if (better) best = draft;
  }
  if (best == nullptr) return false;
  SATCHEL_TRY(submit_draft(node, all, state, *best, looked_at));
  return true;
}

Result<Answer> capture_folder(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "folder"));
  SATCHEL_TRY_ASSIGN(std::vector<std::string> looked_at, looked_at_argument(arguments));
  SATCHEL_TRY_ASSIGN(const FolderPictures folder, pictures_in(node.surroundings().disk, ".", path));
  if (folder.pictures.empty()) return Code::kFolderNoPictures;
  SATCHEL_TRY_ASSIGN(Known known, known_here(node, *all));
  Import import{node, *all, flag(arguments, "submit"), std::move(looked_at), {}};
  SATCHEL_TRY_ASSIGN(const std::vector<Found> found, match(import, known, folder, optional_text(arguments, "table")));

  std::set<core::StudentRef> students;
  for (std::size_t i = 0; i < found.size(); ++i) {
    SATCHEL_TRY(import.take(found[i].picture, found[i].student, known));
    students.insert(found[i].student);
    if (progress) progress(json::object{{"phase", "capture"}, {"done", i + 1}, {"files", found.size()}});
  }
  if (import.submit) {
    for (const bool urgent : {true, false}) {
      for (const core::StudentRef student : students) {
        if (known.urgent.contains(student) == urgent) SATCHEL_TRY(import.submit_best(student));
      }
    }
  }
  std::size_t without = 0;
  for (const core::StudentRef student : known.lacking) without += students.contains(student) ? 0U : 1U;

  Answer answer;
  answer.exit = exit_of(import);
  answer.body["schema"] = "satchel.capture_folder/1";
  answer.body["files"] = folder.pictures.size();
  answer.body["skipped"] = folder.skipped;
  answer.body["students"] = students.size();
  answer.body["taken"] = import.taken;
  answer.body["usable"] = import.usable;
  answer.body["failed"] = import.failed;
  answer.body["already"] = import.already;
  answer.body["refused"] = import.refused;
  answer.body["submitted"] = import.submitted;
  answer.body["without_picture"] = without;  // of this node's students: still to be taken, and none of these files is theirs
  answer.body["pictures"] = std::move(import.lines);
  return answer;
}

Result<Answer> submit_all(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const std::vector<std::string> looked_at, looked_at_argument(arguments));
  std::vector<core::StudentRef> refs;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef ref, const Digest& digest) {
    if (core::lacks_picture(digest.stage) && digest.drafted) refs.push_back(ref);
  }));
  json::array submitted;
  json::array left;
  for (const core::StudentRef student : refs) {
    const auto done = submit_best_draft(node, *all, student, looked_at);
    if (!done && stops_all(done.error())) return done.error();
    if (!done) {
      left.push_back(json::object{{"student", student.text()}, {"error", error_item(done.error())}});
    } else if (*done) {
      submitted.push_back(json::string(student.text()));
    }
  }
  Answer answer;
  answer.exit = !left.empty() ? core::Exit::partial : submitted.empty() ? core::Exit::nothing_to_do : core::Exit::ok;
  answer.body["schema"] = "satchel.submit_all/1";
  answer.body["submitted"] = std::move(submitted);
  answer.body["left"] = std::move(left);
  return answer;
}

}  // namespace satchel::node
