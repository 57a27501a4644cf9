// The hub's desk: what leaves Satchel for the next system.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "core/crypto/hash.h"
#include "core/export/manifest.h"
#include "core/export/naming.h"
#include "core/portrait/crop.h"
#include "core/portrait/decode.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/picture_limits.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

/// The picture that was approved, with whose it is.
struct Approved {
  core::StudentRef student;
  core::RosterFact row;
  core::RecordId submission;
  core::Hash standard;
  core::WallMs taken;
  core::WallMs decided;
  bool exported_before = false;
};

Result<std::vector<Approved>> collect(Node& node, const Enrolled& all) {
  std::vector<Approved> out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    if (state.stage != core::Stage::approved && state.stage != core::Stage::exported) return {};
    const core::CaptureSeen* capture = core::current_capture(state);
    const core::VerdictSeen* verdict = core::current_verdict(state);
    if (!state.roster || capture == nullptr || verdict == nullptr) return {};
    out.push_back({state.student, *state.roster, *state.current, capture->fact.standard, capture->fact.taken.wall,
                   verdict->fact.decided.wall, state.stage == core::Stage::exported});
    return {};
  }));
  return out;
}

struct Written {
  core::ManifestRow row;
  core::Hash small_hash;
};

/// Plain BLAKE2b-256 of the file, so that anybody can check the manifest with a standard tool (b2sum -l 256).
Result<Written> write_pair(Node& node, const Enrolled& all, const Approved& one, const std::string& folder,
                           const std::string& name) {
  SATCHEL_TRY_ASSIGN(const Bytes standard, all.ledger->blobs().get(one.standard));
  SATCHEL_TRY_ASSIGN(const auto picture, core::portrait::decode(standard));
  SATCHEL_TRY_ASSIGN(core::portrait::Limits limits, picture_limits(all.profile));
  limits.small_width = all.profile.export_width;
  limits.small_height = all.profile.export_height;
  SATCHEL_TRY_ASSIGN(const Bytes small, core::portrait::make_export(picture, limits));
  core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY(disk.write_atomic(folder + "/" + name, small));
  SATCHEL_TRY(disk.write_atomic(folder + "/standard/" + name, standard));
  Written out;
  out.row = core::make_row(one.row, all.profile);
  out.row.small_file = name;
  out.row.small_hash = core::hash(small);
  out.row.small_size = small.size();
  out.row.standard_file = "standard/" + name;
  out.row.standard_hash = core::hash(standard);
  out.row.standard_size = standard.size();
  out.row.taken = one.taken;
  out.row.approved = one.decided;
  out.small_hash = out.row.small_hash;
  return out;
}

std::string manifest_json(const std::vector<core::ManifestRow>& rows) {
  json::array list;
  for (const core::ManifestRow& row : rows) {
    json::object item;
    item["student"] = row.student.text();
    item["student_number"] = row.student_number;
    item["file"] = row.small_file;
    item["blake2b_256"] = row.small_hash.hex();
    item["bytes"] = row.small_size;
    item["standard_file"] = row.standard_file;
    item["standard_blake2b_256"] = row.standard_hash.hex();
    item["standard_bytes"] = row.standard_size;
    list.push_back(std::move(item));
  }
  json::object out;
  out["schema"] = "satchel.manifest/1";
  out["files"] = std::move(list);
  return json::serialize(out) + "\n";
}

json::object left_out(core::StudentRef student, const Error& error) {
  json::object out;
  out["student"] = student.text();
  out["error"] = error_item(error);
  return out;
}

}  // namespace

Result<Answer> export_pictures(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "out"));
  SATCHEL_TRY_ASSIGN(const std::vector<Approved> approved, collect(node, *all));
  if (approved.empty()) return Code::kNothingToExport;

  std::vector<core::ExportSubject> subjects;
  for (const Approved& one : approved) subjects.push_back({one.student, one.row.student_number, one.row.id_number});
  const core::ExportNames names = core::plan_names(subjects, all->profile.export_name);

  core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY(disk.make_folder(folder + "/standard"));
  std::vector<core::ManifestRow> rows;
  json::array skipped;
  Ledger::Turn turn = all->ledger->turn();
  for (std::size_t i = 0; i < approved.size(); ++i) {
    const Approved& one = approved[i];
    if (names.names[i].empty()) {
      skipped.push_back(left_out(one.student, {Code::kExportCollision, {}}));
      continue;
    }
    auto written = write_pair(node, *all, one, folder, names.names[i]);
    if (!written) {
      if (core::info(written.error().code).exit == core::Exit::storage) return written.error();
      skipped.push_back(left_out(one.student, written.error()));
      continue;
    }
    rows.push_back(std::move(written->row));
    if (!one.exported_before && one.row.site != core::kHubNumber) {
      const core::ExportFact fact{one.student, one.submission, written->small_hash, node.surroundings().clock.moment()};
      SATCHEL_TRY(turn.state(core::Audience{one.row.site.value}, core::Lane::control, fact));
    }
    if (progress && i % 50 == 0) progress(json::object{{"phase", "export"}, {"exported", rows.size()}});
  }
  core::sort_rows(rows);
  SATCHEL_TRY(disk.write_atomic(folder + "/manifest.csv", core::as_bytes(core::manifest_csv(rows))));
  SATCHEL_TRY(disk.write_atomic(folder + "/manifest.json", core::as_bytes(manifest_json(rows))));
  SATCHEL_TRY(turn.commit());  // only now is it said that they were exported
  node.log().note("exported " + std::to_string(rows.size()) + ", left out " + std::to_string(skipped.size()));

  Answer answer;
  answer.body["schema"] = "satchel.export/1";
  answer.body["exported"] = rows.size();
  answer.body["folder"] = folder;
  answer.body["manifest"] = folder + "/manifest.csv";
  if (!skipped.empty()) answer.exit = rows.empty() ? core::Exit::person_must_decide : core::Exit::partial;
  answer.body["left_out"] = std::move(skipped);
  return answer;
}

}  // namespace satchel::node
