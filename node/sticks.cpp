#include "node/sticks.h"

#include <boost/json/array.hpp>

#include "node/arguments.h"
#include "protocol/stick/stick.h"

namespace satchel::node {

using core::Code;
using core::Result;
namespace json = boost::json;

namespace {

json::object lane_counts(const protocol::LaneTally& lanes) {
  json::object out;
  for (const core::Lane lane : core::kLanes) out[core::lane_name(lane)] = lanes[core::lane_index(lane)].bundles;
  return out;
}

std::uint64_t total_bytes(const protocol::LaneTally& lanes) {
  std::uint64_t bytes = 0;
  for (const protocol::Tally& lane : lanes) bytes += lane.bytes;
  return bytes;
}

}  // namespace

Result<Answer> write_to_stick(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "dir"));
  SATCHEL_TRY(all->shelf->flush());
  SATCHEL_TRY(all->ledger->release());
  const protocol::StickWriter writer{all->certificate, node.identity().sign};
  protocol::StickReport report;
  auto written = protocol::write_stick(node.surroundings().disk, folder, *all->shelf, writer);
  Answer answer;
  if (written) {
    report = *std::move(written);
  } else if (written.error().code == Code::kNothingToDo) {
    answer.exit = core::Exit::nothing_to_do;  // the stick is as it should be, and may be pulled out
  } else {
    return written.error();
  }
  node.log().note("stick written: " + std::to_string(report.bytes_written) + " bytes");
  answer.body["schema"] = "satchel.stick/1";
  answer.body["action"] = "write";
  answer.body["bundles"] = lane_counts(report.bundles);
  answer.body["bytes"] = report.bytes_written;
  answer.body["already_there"] = report.known;
  answer.body["left_out"] = report.left_out;
  answer.body["receipt"] = report.receipt;
  answer.body["safe_to_remove"] = true;  // synced and read back: protocol/stick
  if (report.left_out > 0) answer.exit = core::Exit::partial;
  return answer;
}

Result<Answer> read_from_stick(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "dir"));
  const protocol::StickWriter reader{all->certificate, node.identity().sign};
  SATCHEL_TRY_ASSIGN(const protocol::StickReport report,
                     protocol::read_stick(node.surroundings().disk, folder, *all->shelf, *all->membership, reader,
                                          [&node] { return node.digest_arrivals(); }));
  if (report.receipt) SATCHEL_TRY(node.note_receipt());
  SATCHEL_TRY(node.digest_arrivals());
  node.log().note("stick read: " + std::to_string(total_bytes(report.bundles)) + " bytes taken, " +
                  std::to_string(report.damage_count) + " places damaged");

  json::array damaged;
  for (const protocol::StickDamage& damage : report.damages) {
    json::object item = error_item(damage.error);
    item["file"] = damage.file;
    item["offset"] = damage.offset;
    damaged.push_back(std::move(item));
  }
  Answer answer;
  answer.body["schema"] = "satchel.stick/1";
  answer.body["action"] = "read";
  answer.body["bundles"] = lane_counts(report.bundles);
  answer.body["bytes"] = total_bytes(report.bundles);
  answer.body["already_here"] = report.known;
  answer.body["receipt"] = report.receipt;
  answer.body["damaged"] = std::move(damaged);
  answer.body["damaged_places"] = report.damage_count;
  answer.body["no_room"] = json::object{{"ours", report.no_room_ours}, {"others", report.no_room_others}};
  if (report.no_room_ours > 0) {
    answer.body["error"] = error_item(core::Error{Code::kDiskFull, "what is for this node is still on the stick"});
    answer.exit = core::Exit::storage;
  }
  if (report.damage_count > 0) answer.exit = core::Exit::integrity;
  return answer;
}

}  // namespace satchel::node
