// The hub's desk: what leaves Satchel for the next system.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "core/campaign/after_approval.h"
#include "core/campaign/natural_order.h"
#include "core/crypto/hash.h"
#include "core/export/manifest.h"
#include "core/export/naming.h"
#include "core/portrait/crop.h"
#include "core/portrait/decode.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/paper_drawer.h"
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
    if (!core::approved_and_kept(state.stage)) return {};
    const core::CaptureSeen* capture = core::current_capture(state);
    const core::VerdictSeen* verdict = core::current_verdict(state);
    if (!state.roster || capture == nullptr || verdict == nullptr) return {};
    out.push_back({state.student, *state.roster, *state.current, capture->fact.standard, capture->fact.taken.wall,
                   verdict->fact.decided.wall, core::first_export(state) != nullptr});
    return {};
  }));
  std::ranges::sort(out, [](const Approved& a, const Approved& b) {
    const int order = core::natural_compare(a.row.student_number, b.row.student_number);
    return order != 0 ? order < 0 : a.student < b.student;
  });
  return out;
}

/// What the next system takes: a picture of the profile's size. When the profile asks for the size of the standard picture, it is
/// that very file, and nothing is lost by encoding it again.
Result<Bytes> next_picture(const core::Profile& profile, const Bytes& standard) {
  SATCHEL_TRY_ASSIGN(const auto picture, core::portrait::decode(standard));
  if (picture.width == profile.export_width && picture.height == profile.export_height) return standard;
  SATCHEL_TRY_ASSIGN(core::portrait::Limits limits, picture_limits(profile));
  limits.small_width = profile.export_width;
  limits.small_height = profile.export_height;
  return core::portrait::make_export(picture, limits);
}

/// Plain BLAKE2b-256 of the file, so that anybody can check the manifest with a standard tool (b2sum -l 256).
Result<core::ManifestRow> write_pair(Node& node, const Enrolled& all, const Approved& one, const std::string& folder,
                                     const std::string& name) {
  SATCHEL_TRY_ASSIGN(const Bytes standard, all.ledger->blobs().get(one.standard));
  SATCHEL_TRY_ASSIGN(const Bytes small, next_picture(all.profile, standard));
  const std::string below = all.profile.export_folders == "class" ? core::class_folder(one.row.class_name) + "/" : std::string();
  core::ManifestRow out = core::make_row(one.row, all.profile);
  out.small_file = below + name;
  out.small_hash = core::hash(small);
  out.small_size = small.size();
  out.standard_file = "standard/" + below + name;
  out.standard_hash = core::hash(standard);
  out.standard_size = standard.size();
  out.taken = one.taken;
  out.approved = one.decided;
  core::Disk& disk = node.surroundings().disk;
  for (const std::string& file : {out.small_file, out.standard_file}) {
    SATCHEL_TRY(disk.make_folder(folder + "/" + file.substr(0, file.size() - name.size())));
  }
  SATCHEL_TRY(disk.write_atomic(folder + "/" + out.small_file, small));
  SATCHEL_TRY(disk.write_atomic(folder + "/" + out.standard_file, standard));
  return out;
}

struct ListFile {
  std::string name;
  Bytes bytes;
};

/// The list in both forms: whichever the profile's next office opens.
Result<std::vector<ListFile>> list_files(const std::vector<core::ManifestRow>& rows, core::WallMs now) {
  constexpr std::int64_t kDay = 86'400;
  core::Sheet list = core::handover_list(rows);
  list.created_s = now.value / 1000 / kDay * kDay;  // the day is enough
  SATCHEL_TRY_ASSIGN(Bytes xlsx, write_xlsx(list));
  return std::vector<ListFile>{{"list.xlsx", std::move(xlsx)}, {"list.csv", core::to_bytes(core::as_bytes(list.csv()))}};
}

std::string manifest_json(const std::vector<core::ManifestRow>& rows, const std::vector<ListFile>& lists) {
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
  json::array tables;
  for (const ListFile& file : lists) {
    tables.push_back({{"file", file.name}, {"blake2b_256", core::hash(file.bytes).hex()}, {"bytes", file.bytes.size()}});
  }
  out["lists"] = std::move(tables);
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
  SATCHEL_TRY(disk.make_folder(folder));
  std::vector<core::ManifestRow> rows;
  // Who gets no name of their own is said before anything is written, and no file is put in another one's place.
  json::array skipped;
  for (const std::size_t i : names.collisions) skipped.push_back(left_out(approved[i].student, {Code::kExportCollision, {}}));
  for (const std::size_t i : names.unnamed) skipped.push_back(left_out(approved[i].student, {Code::kExportUnnamed, {}}));
  Ledger::Turn turn = all->ledger->turn();
  for (std::size_t i = 0; i < approved.size(); ++i) {
    const Approved& one = approved[i];
    if (names.names[i].empty()) continue;
    auto written = write_pair(node, *all, one, folder, names.names[i]);
    if (!written) {
      if (core::info(written.error().code).exit == core::Exit::storage) return written.error();
      skipped.push_back(left_out(one.student, written.error()));
      continue;
    }
    if (!one.exported_before && one.row.site != core::kHubNumber) {
      const core::ExportFact fact{one.student, one.submission, written->small_hash, node.surroundings().clock.moment()};
      SATCHEL_TRY(turn.state(core::Audience{one.row.site.value}, core::Lane::control, fact));
    }
    rows.push_back(*std::move(written));
    if (progress && i % 50 == 0) progress(json::object{{"phase", "export"}, {"exported", rows.size()}});
  }
  SATCHEL_TRY_ASSIGN(const auto lists, list_files(rows, node.surroundings().clock.wall()));
  for (const ListFile& file : lists) SATCHEL_TRY(disk.write_atomic(folder + "/" + file.name, file.bytes));
  SATCHEL_TRY(disk.write_atomic(folder + "/manifest.csv", core::as_bytes(core::manifest_csv(rows))));
  SATCHEL_TRY(disk.write_atomic(folder + "/manifest.json", core::as_bytes(manifest_json(rows, lists))));
  SATCHEL_TRY(turn.commit());  // only now is it said that they were exported
  node.log().note("exported " + std::to_string(rows.size()) + ", left out " + std::to_string(skipped.size()));

  Answer answer;
  answer.body["schema"] = "satchel.export/1";
  answer.body["exported"] = rows.size();
  answer.body["folder"] = folder;
  answer.body["manifest"] = folder + "/manifest.csv";
  answer.body["list"] = folder + "/list." + all->profile.handover.table;
  if (!skipped.empty()) answer.exit = rows.empty() ? core::Exit::person_must_decide : core::Exit::partial;
  answer.body["left_out"] = std::move(skipped);
  return answer;
}

}  // namespace satchel::node
