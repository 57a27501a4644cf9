#include "core/crypto/hash.h"
#include "core/store/memory_store.h"
#include "protocol/stick/block.h"
#include "protocol/stick/manifest.h"
#include "protocol/stick/note.h"
#include "protocol/stick/segment_reader.h"
#include "protocol/stick/stick.h"
#include "tests/support/memory_disk.h"
#include "tests/vectors/kinds.h"
#include "tests/vectors/sealed.h"

/// Segment, manifest, note.
namespace satchel::tests {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Result;
using core::Seq;

core::Founding founding(const Fields& in) { return *core::decode_founding(in.hex("founding")); }
core::Member member(const Fields& in, const std::string& name) { return *core::decode_member(in.hex(name), founding(in)); }

/// A node with an empty shelf, which knows the hub and one writer.
struct Reader {
  core::Membership membership;
  core::MemoryStore store;
  std::unique_ptr<protocol::Shelf> shelf;
  Reader(const Fields& in, core::NodeNumber self, core::Role role) : membership(founding(in)) {
    SATCHEL_CHECK(membership.add(member(in, "hub")).has_value());
    auto opened = protocol::Shelf::open(store, membership, self, role, {});
    SATCHEL_CHECK(opened.has_value());
    shelf = *std::move(opened);
  }
};

// --- segment

const std::string kPath = "segment";

/// The relay has the receipt and the site's bundle, and writes what is for the hub.
Bytes build_segment(const Fields& in) {
  Reader relay{in, core::NodeNumber{2}, core::Role::relay};
  const core::Member writer = member(in, "writer");
  SATCHEL_CHECK(relay.membership.add(writer).has_value());
  SATCHEL_CHECK(relay.membership.add(member(in, "author")).has_value());
  const core::Founding ours = founding(in);
  const auto receipt = core::decode_receipt(in.hex("receipt"), ours.id(), ours.hub_sign);
  SATCHEL_CHECK(receipt && *relay.shelf->set_receipt(*receipt));
  const protocol::SealedBundle sealed = sealed_from(in);
  const auto begun = relay.shelf->begin(sealed.header.bytes, *core::Hash::from(in.hex("previous_root")));
  SATCHEL_CHECK(begun && begun->outcome == protocol::Begin::Outcome::take);
  SATCHEL_CHECK(relay.shelf->append(sealed.header.id, 0, sealed.body).has_value());
  SATCHEL_CHECK(relay.shelf->finish(sealed.header.id).has_value());
  MemoryDisk disk;
  const core::SignKeys unused = core::sign_keys_from_seed(Bytes(32));  // a segment has no signature of its own
  SATCHEL_CHECK(
      protocol::write_bundle_file(disk, kPath, *relay.shelf, {writer, unused}, {core::kHubNumber, core::Role::hub, true})
          .has_value());
  return disk.raw(kPath);
}

/// As the hub reads it: success when nothing is wrong and the bundle is taken; else the first damage.
Result<void> read_segment(const Fields& in, ByteView bytes) {
  Reader hub{in, core::kHubNumber, core::Role::hub};
  protocol::MemorySource source{bytes};
  protocol::StickReport report;
  SATCHEL_TRY_ASSIGN(const auto outcome, protocol::read_segment(source, {}, *hub.shelf, hub.membership, report));
  if (outcome.other_campaign) return Code::kOtherCampaign;
  if (report.damage_count > 0) return report.damages[0].error;
  if (report.bundles[core::lane_index(core::Lane::record)].bundles != 1 || !report.receipt) return Code::kStickEmpty;
  return {};
}

Cases segment_refusals(const Fields& in, const Bytes& bytes) {
  core::ByteWriter opening;
  opening.u64_be(founding(in).id().value ^ 1).raw(in.hex("writer"));
  Bytes other = protocol::make_block(protocol::BlockKind::opening, opening.bytes());
  core::append(other, ByteView{bytes}.subspan(other.size()));
  const protocol::SealedBundle sealed = sealed_from(in);
  const auto bundle = [&](Bytes header, Bytes body) {
    core::ByteWriter content;
    content.raw(in.hex("previous_root")).sized(header).raw(body);
    core::ByteWriter first;
    first.u64_be(founding(in).id().value).raw(in.hex("author"));
    Bytes out = protocol::make_block(protocol::BlockKind::opening, first.bytes());
    core::append(out, protocol::make_block(protocol::BlockKind::bundle, content.bytes()));
    return out;
  };
  Bytes header = sealed.header.bytes;
  header.back() ^= 1;
  Bytes body = sealed.body;
  body.back() ^= 1;
  Bytes promises_much = protocol::block_head({protocol::BlockKind::bundle, 0xFFFFFFFF});
  return {{"nothing of ours", Bytes(40, 0x55)},
          {"of another campaign", other},
          {"a header whose signature does not fit, in a sound block", bundle(header, sealed.body)},
          {"a body that its header does not name, in a sound block", bundle(sealed.header.bytes, body)},
          {"a block of four gigabytes", promises_much},
          {"a manifest in a segment", protocol::make_block(protocol::BlockKind::manifest, Bytes(8))}};
}

Kind segment_kind() {
  return {"stick-segment",
          "Segment",
          "opening by the relay, receipt, certificate of the author, bundle of bundle-header.txt",
          [](Cast& cast, Fields& out) {
            out.add("founding", core::encode(cast.founding()));
            out.add("hub", core::encode(cast.hub_member()));
            out.add("writer", core::encode(cast.relay_member()));
            out.add("author", core::encode(cast.site_member()));
            core::Receipt receipt;
            receipt.campaign = cast.founding().id();
            receipt.hub = {99};
            receipt.epoch = 1;
            receipt.version = 4;
            receipt.logs[{{{1}, {1311768467463790320ULL}}, core::kToHub, core::Lane::record}] = {Seq{6}, Seq{6}};
            core::sign_receipt(receipt, cast.hub.identity().sign);
            out.add("receipt", core::encode(receipt));
            out.add("log", "1 1311768467463790320 0 1");
            out.add("urgent", 0);
            out.add("seq", 7);
            out.add("previous_root", cast.bytes(32));
            out.add("author_sign_seed", cast.site.sign_seed);
            out.add("recipient_box_secret", cast.hub.box_secret);
            out.add("recipient_box_secret", cast.recovery_secret);
            out.add("payload", Bytes{2, 5, 'h', 'e', 'l', 'l', 'o'});
            out.add("random", cast.bytes(32 + 32));
          },
          build_segment,
          read_segment,
          segment_refusals,
          "stick_segment"};
}

// --- manifest

Bytes build_manifest(const Fields& in) {
  protocol::Manifest manifest{{static_cast<std::uint32_t>(in.number("writer"))}, in.number("generation"), {}};
  for (const auto& [name, value] : in.lines()) {
    if (name == "segment") {
      const std::size_t space = value.find(' ');
      const auto words = numbers(value.substr(space));
      manifest.segments.push_back({static_cast<std::uint32_t>(words.at(0)),
                                   words.at(1),
                                   *core::Hash::from(*core::from_hex(value.substr(0, space))),
                                   static_cast<std::uint32_t>(words.at(2)),
                                   words.at(3),
                                   {}});
    }
    if (name == "range") {
      const auto words = numbers(value);
      const core::LogId log{{{static_cast<std::uint32_t>(words.at(0))}, {words.at(1)}},
                            {static_cast<std::uint32_t>(words.at(2))},
                            static_cast<core::Lane>(words.at(3))};
      manifest.segments.back().ranges.push_back({log, Seq{words.at(4)}, Seq{words.at(5)}});
    }
  }
  return protocol::encode_file(manifest);
}

/// A manifest of writer 2, generation 5, with a list of any bytes and right hashes.
Bytes manifest_of(ByteView list) {
  core::ByteWriter bound;
  bound.u32(2).u64(5).raw(list);
  core::ByteWriter content;
  content.u32(2).u64(5).raw(core::hash("satchel stick list", bound.bytes()).view()).raw(list);
  return protocol::make_block(protocol::BlockKind::manifest, content.bytes());
}

Kind manifest_kind() {
  return {
      "stick-manifest",
      "Manifest",
      "segment is file hash, counter, size, receipt epoch and version; range is node, incarnation, audience, lane, first, last",
      [](Cast& cast, Fields& out) {
        out.add("writer", 2);
        out.add("generation", 5);
        out.add("segment", core::to_hex(cast.bytes(32)) + " 0 1234 1 4");
        out.add("range", "1 1311768467463790320 0 1 7 9");
        out.add("range", "3 9 0 2 1 1");
        out.add("segment", core::to_hex(cast.bytes(32)) + " 10 67108864 0 0");
      },
      build_manifest,
      [](const Fields&, ByteView bytes) { return only(protocol::decode_manifest_file(bytes)); },
      [](const Fields&, const Bytes&) -> Cases {
        const auto segment = [](std::uint64_t ranges, std::uint8_t lane, std::uint64_t first, std::uint64_t last) {
          core::ByteWriter out;
          out.varint(1).varint(0).varint(9).raw(Bytes(32, 1)).varint(0).varint(0).varint(ranges);
          return manifest_of(out.u32_be(1).u64_be(7).u32_be(0).u8(lane).varint(first).varint(last).bytes());
        };
        return {{"nothing", {}},
                {"more segments than follow", manifest_of(core::ByteWriter{}.varint(~0ULL).bytes())},
                {"more ranges than follow", segment(~0ULL, 0, 1, 2)},
                {"a lane that does not exist", segment(1, 4, 1, 2)},
                {"a range backwards", segment(1, 0, 3, 2)},
                {"a range from 0", segment(1, 0, 0, 2)},
                {"a note", protocol::make_block(protocol::BlockKind::note, Bytes(44))}};
      },
      "stick_manifest"};
}

// --- note

Kind note_kind() {
  return {"stick-note",
          "Note",
          "log is node, incarnation, audience, lane, position",
          [](Cast& cast, Fields& out) {
            out.add("founding", core::encode(cast.founding()));
            out.add("reader_certificate", core::encode(cast.site_member()));
            out.add("reader_sign_seed", cast.site.sign_seed);
            out.add("log", "0 17 1 1 12");
            out.add("damaged", cast.bytes(32));
          },
          [](const Fields& in) {
            protocol::Note note{member(in, "reader_certificate").number, {}, {}};
            for (const std::string& line : in.all("log")) {
              const auto words = numbers(line);
              note.frontier.raise({{{static_cast<std::uint32_t>(words.at(0))}, {words.at(1)}},
                                   {static_cast<std::uint32_t>(words.at(2))},
                                   static_cast<core::Lane>(words.at(3))},
                                  Seq{words.at(4)});
            }
            for (const std::string& hash : in.all("damaged")) note.damaged.push_back(*core::Hash::from(*core::from_hex(hash)));
            return protocol::encode_file(note, founding(in).id(), core::sign_keys_from_seed(in.hex("reader_sign_seed")));
          },
          [](const Fields& in, ByteView bytes) {
            core::Membership members{founding(in)};
            SATCHEL_CHECK(members.add(member(in, "reader_certificate")).has_value());
            return only(protocol::decode_note_file(bytes, members));
          },
          [](const Fields& in, const Bytes&) -> Cases {
            protocol::Note note{{1}, {}, {}};
            const core::SignKeys reader = core::sign_keys_from_seed(in.hex("reader_sign_seed"));
            const core::SignKeys stranger = core::sign_keys_from_seed(Bytes(32, 3));
            const Bytes other_campaign = protocol::encode_file(note, {1}, reader);
            const Bytes forged = protocol::encode_file(note, founding(in).id(), stranger);
            note.reader.value = 9;
            return {{"nothing", {}},
                    {"signed for another campaign", other_campaign},
                    {"signed by a stranger", forged},
                    {"of a node that is not enrolled", protocol::encode_file(note, founding(in).id(), reader)}};
          },
          "stick_note"};
}

}  // namespace

std::vector<Kind> stick_kinds() { return {segment_kind(), manifest_kind(), note_kind()}; }

}  // namespace satchel::tests
