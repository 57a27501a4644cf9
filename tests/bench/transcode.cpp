// bench_transcode: what lossless JPEG XL saves on the wire, and what it costs.
//   build/bench/bench_transcode [PHOTO…]
// Without arguments over drawn portraits, which are smoother than skin; with arguments over those JPEG files too. Rows: processor
// time to transcode (proof included) and to give back, and the ratio, for a standard picture of 120 KB and for a camera's 12
// megapixels; then 60 photos through a whole meeting of a site and the hub, everything counted that goes either way (handshake,
// headers, seals, frames, receipts), against the bytes of the JPEG files. Exit 1 when the wire carries more than the files hold.
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/portrait/encode.h"
#include "core/transcode/transcode.h"
#include "examples/portraits/people.h"
#include "node/renditions.h"
#include "tests/sim/campaign.h"

namespace {

using namespace satchel;
using core::Bytes;

double ms_since(std::clock_t begin) { return 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC; }

Bytes portrait(std::uint64_t seed, int width, int height, std::size_t bytes_max) {
  const auto picture = examples::draw_person(seed, examples::Defect::none, width, height);
  return core::portrait::encode_jpeg_window(picture, 0, bytes_max, 60, 300).value().file;
}

void row(const std::string& what, const std::vector<Bytes>& files) {
  double there = 0;
  double back = 0;
  std::size_t before = 0;
  std::size_t after = 0;
  for (const Bytes& file : files) {
    const auto begin = std::clock();
    const auto form = core::to_jxl(file);
    there += ms_since(begin);
    before += file.size();
    after += form ? form->size() : file.size();
    if (!form) continue;
    const auto middle = std::clock();
    SATCHEL_CHECK(core::from_jxl(*form).value() == file);
    back += ms_since(middle);
  }
  const auto n = static_cast<double>(files.size());
  std::printf("%-40s %9.0f B -> %9.0f B  %5.1f %% less   there %7.1f ms   back %6.1f ms\n", what.c_str(),
              static_cast<double>(before) / n, static_cast<double>(after) / n,
              100 - 100 * static_cast<double>(after) / static_cast<double>(before), there / n, back / n);
}

void write(tests::CampaignNode& site, const Bytes& file) {
  protocol::Payload payload;
  payload.blobs.push_back(node::to_wire(file));
  const Bytes plain = protocol::encode_payload(payload);
  auto stage = site.shelf->stage();
  const core::LogId log = site.log(core::Lane::photo);
  const auto place = stage.next(log).value();
  const core::Founding& founding = site.membership.founding();
  const protocol::SealRequest wanted{
      {log, place.seq}, place.previous_root, {founding.hub_box, founding.recovery_box}, {}, plain, protocol::ChunkSize::k32};
  const auto sealed = protocol::seal_bundle(wanted, site.identity.sign, site.rng).value();
  core::WriteBatch batch;
  SATCHEL_CHECK(stage.add(batch, sealed).has_value());
  SATCHEL_CHECK(site.store.commit(batch, core::Durability::synced).has_value());
  site.shelf->accept(std::move(stage));
}

/// One meeting of a site that has these photos to send, and the hub; all bytes both ways.
std::uint64_t wire_bytes(const std::vector<Bytes>& files) {
  tests::Campaign campaign{9};
  tests::CampaignNode& site = campaign["east"];
  for (const Bytes& file : files) write(site, file);
  core::MonoMs now{1'000};
  auto caller = protocol::Session::caller(site.session_setup(), campaign.hub().member, now);
  auto answerer = protocol::Session::answerer(campaign.hub().session_setup(), now);
  const auto move = [&](protocol::Session& from, protocol::Session& to, tests::CampaignNode& receiver) {
    const Bytes piece = core::to_bytes(from.pending());
    if (piece.empty()) return;
    from.sent(piece.size(), now);
    SATCHEL_CHECK(to.receive(piece, now).has_value());
    if (receiver.digest()) to.shelf_changed(now);
  };
  while (!caller.idle() || !answerer.idle()) {
    now = now + 10;
    move(caller, answerer, campaign.hub());
    move(answerer, caller, site);
    SATCHEL_CHECK(!caller.failure() && !answerer.failure());
  }
  return caller.stats().bytes_in + caller.stats().bytes_out;
}

bool whole_wire(const std::string& what, const std::vector<Bytes>& files) {
  std::uint64_t held = 0;
  for (const Bytes& file : files) held += file.size();
  const std::uint64_t wire = wire_bytes(files);
  std::printf("%-40s %9llu B in files, %9llu B on the wire both ways, all counted: %5.1f %% less%s\n", what.c_str(),
              static_cast<unsigned long long>(held), static_cast<unsigned long long>(wire),
              100 - 100 * static_cast<double>(wire) / static_cast<double>(held), wire < held ? "" : "   MISSED");
  return wire < held;
}

}  // namespace

int main(int argc, char** argv) {
  core::crypto_init();
  std::vector<Bytes> standards;
  std::vector<Bytes> photos;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    standards.push_back(portrait(seed, 480, 640, 40'000));
    photos.push_back(portrait(seed, 960, 1280, 120'000));
  }
  std::vector<Bytes> given;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    given.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (!file || given.back().empty()) given.pop_back();
  }
  row("60 standard pictures, 480x640", standards);
  row("60 pictures of 120 KB, 960x1280", photos);
  row("a camera's 12 megapixels", {portrait(1, 3000, 4000, 4'000'000)});
  if (!given.empty()) row(std::to_string(given.size()) + " given files", given);
  bool met = whole_wire("60 standard pictures", standards);
  met = whole_wire("60 pictures of 120 KB", photos) && met;
  if (!given.empty()) met = whole_wire(std::to_string(given.size()) + " given files", given) && met;
  return met ? 0 : 1;
}
