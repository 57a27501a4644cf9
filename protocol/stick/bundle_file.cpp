#include "protocol/limits.h"
#include "protocol/stick/segment_reader.h"
#include "protocol/stick/segment_writer.h"
#include "protocol/stick/stick.h"

namespace satchel::protocol {

using core::BundleId;
using core::Code;
using core::Result;

Result<StickReport> write_bundle_file(core::Disk& disk, const std::string& path, Shelf& shelf, const StickWriter& writer,
                                      const Peer& to) {
  SATCHEL_TRY_ASSIGN(const std::vector<BundleId> wanted, shelf.all_offers_for(to));
  if (wanted.empty() && !shelf.receipt()) return Code::kNothingToDo;
  SATCHEL_TRY_ASSIGN(SegmentWriter segment, SegmentWriter::create(disk, path, writer.certificate));
  StickReport report;
  if (shelf.receipt()) {
    SATCHEL_TRY(segment.add_receipt(*shelf.receipt()));
    report.receipt = true;
  }
  for (const BundleId& id : wanted) {
    SATCHEL_TRY_ASSIGN(const auto header, shelf.header(id));
    if (!header) continue;
    if (segment.size() + segment.cost(*header) > kSegmentMax) {
      ++report.left_out;
      continue;
    }
    SATCHEL_TRY(segment.add_bundle(shelf, id, *header));
    Tally& lane = report.bundles[core::lane_index(id.log.lane)];
    ++lane.bundles;
    lane.bytes += header->bytes.size() + header->body_size();
  }
  SATCHEL_TRY_ASSIGN(const Manifest::Segment done, segment.finish(0));
  report.bytes_written = done.size;
  return report;
}

Result<StickReport> read_bundle_file(core::Disk& disk, const std::string& path, Shelf& shelf, core::Membership& membership) {
  // The size is found by reading: a path may be anything that the user names.
  SATCHEL_TRY_ASSIGN(core::Bytes bytes, disk.read(path, kSegmentMax));
  if (bytes.empty()) return Code::kFileEmpty;
  MemorySource source{bytes};
  StickReport report;
  SATCHEL_TRY_ASSIGN(const SegmentOutcome outcome, read_segment(source, {}, shelf, membership, report));
  SATCHEL_TRY(shelf.flush());
  if (outcome.other_campaign) return Code::kOtherCampaign;
  return report;
}

}  // namespace satchel::protocol
