#include "core/crypto/hash.h"
#include "core/record/entry.h"
#include "core/record/frontier.h"
#include "core/record/high_water.h"
#include "core/record/receipts.h"
#include "protocol/body/body.h"
#include "tests/support/memory_disk.h"
#include "tests/vectors/kinds.h"

/// Run, fact body, frontier, receipt, high-water file.
namespace satchel::tests {
namespace {

using core::Bytes;
using core::ByteView;
using core::LogId;
using core::Result;
using core::Seq;

LogId log_from(const std::vector<std::uint64_t>& words) {
  return {{{static_cast<std::uint32_t>(words.at(0))}, {words.at(1)}},
          {static_cast<std::uint32_t>(words.at(2))},
          static_cast<core::Lane>(words.at(3))};
}

// --- run

core::Run run_from(const Fields& in) {
  core::Run run;
  run.log = log_from(numbers(in.text("log")));
  run.first = Seq{in.number("first")};
  run.previous = *core::RecordId::from(in.hex("previous"));
  core::RecordId id = run.previous;
  for (const std::string& body : in.all("body")) {
    run.bodies.push_back(*core::from_hex(body));
    id = core::record_id({run.log, Seq{run.first.value + run.bodies.size() - 1}, id, run.bodies.back()});
  }
  run.signature = core::sign_record(core::sign_keys_from_seed(in.hex("author_sign_seed")), id);
  return run;
}

Result<void> decode_run(const Fields& in, ByteView bytes) {
  SATCHEL_TRY_ASSIGN(const core::Run run, core::decode_run(bytes));
  return only(core::verify_run(run, core::sign_keys_from_seed(in.hex("author_sign_seed")).public_key));
}

Kind run_kind() {
  return {"run",
          "Run",
          "log is node, incarnation, audience, lane; two records that follow record 6",
          [](Cast& cast, Fields& out) {
            out.add("log", "1 1311768467463790320 0 1");
            out.add("first", 7);
            out.add("previous", cast.bytes(32));
            out.add("body", Bytes{0x10, 0x05, 0x50});
            out.add("body", Bytes{0x11, 0x22});
            out.add("author_sign_seed", cast.site.sign_seed);
          },
          [](const Fields& in) { return core::encode(run_from(in)); },
          decode_run,
          [](const Fields& in, const Bytes& bytes) -> Cases {
            core::Run swapped = run_from(in);
            std::swap(swapped.bodies[0], swapped.bodies[1]);
            Bytes long_number = bytes;
            long_number[1] = 0x81;
            long_number.insert(long_number.begin() + 2, std::uint8_t{0});
            // node(1) incarnation(8) audience(1) lane first previous(32) count
            return {{"newer version", with(bytes, 0, 2)},
                    {"records swapped", core::encode(swapped)},
                    {"node in two bytes where one is enough", long_number},
                    {"lane of photos", with(bytes, 11, 2)},
                    {"first record is number 0", with(bytes, 12, 0)},
                    {"no record", with(bytes, 45, 0)},
                    {"more records than follow", with(bytes, 45, 3)}};
          },
          "record_run"};
}

// --- fact

core::Moment moment_from(const Fields& in) {
  return {
      in.number("boot_id"), {static_cast<std::int64_t>(in.number("mono_ms"))}, {static_cast<std::int64_t>(in.number("wall_ms"))}};
}

Kind fact_kind() {
  return {"fact-verdict",
          "Bodies",
          "a rejection; packed Cap'n Proto as one build writes it: readers take every packing of the same message",
          [](Cast& cast, Fields& out) {
            out.add("student", 742'342'342'342'342ULL);
            out.add("submission", cast.bytes(32));
            out.add("approved", 0);
            out.add("reason", "R-BLUR");
            out.add("note", "请重拍");
            out.add("review_epoch", 3);
            out.add("boot_id", 9);
            out.add("mono_ms", 120'000);
            out.add("wall_ms", 1'780'000'000'000ULL);
            out.add("undone", 0);
            out.add("by", "审核员甲");
          },
          [](const Fields& in) {
            return *protocol::encode_fact(core::VerdictFact{{in.number("student")},
                                                            *core::Hash::from(in.hex("submission")),
                                                            in.number("approved") == 1,
                                                            in.text("reason"),
                                                            in.text("note"),
                                                            in.number("review_epoch"),
                                                            moment_from(in),
                                                            in.number("undone") == 1,
                                                            in.text("by")});
          },
          [](const Fields&, ByteView bytes) { return only(protocol::decode_fact(bytes)); },
          [](const Fields& in, const Bytes& bytes) -> Cases {
            Bytes not_utf8 = bytes;
            const Bytes note = core::to_bytes(core::as_bytes(in.text("note")));
            const auto at = std::ranges::search(not_utf8, ByteView{note}.first(6));
            if (!at.empty()) *at.begin() = 0xFF;
            Cases out{{"nothing", {}},
                      {"longer than a record may be", Bytes(core::kRecordBodyMax + 1)},
                      {"a note that is not UTF-8", not_utf8}};
            out.erase(out.begin() + 1);  // 64 KiB of zeros say nothing in a text file; the unit tests have that one
            for (std::size_t i = 0; i < bytes.size(); ++i) {
              const Bytes other = with(bytes, i, 200);
              const auto read = protocol::decode_fact(other);
              if (read || read.error().code != core::Code::kVersionUnknown) continue;
              out.emplace_back("a kind of fact that does not exist", other);
              break;
            }
            return out;
          },
          "fact_body"};
}

core::UnlockFact unlock_from(const Fields& in) {
  core::UnlockFact out;
  out.student.value = in.number("student");
  out.submission = *core::Hash::from(in.hex("submission"));
  out.attempts = static_cast<std::uint32_t>(in.number("attempts"));
  out.note = in.text("note");
  out.review_epoch = in.number("review_epoch");
  out.unlocked = moment_from(in);
  return out;
}

Kind unlock_kind() {
  return {"fact-unlock",
          "Bodies",
          "a submission set aside, and two attempts more",
          [](Cast& cast, Fields& out) {
            out.add("student", 742'342'342'342'342ULL);
            out.add("submission", cast.bytes(32));
            out.add("attempts", 2);
            out.add("note", "请重拍");
            out.add("review_epoch", 4);
            out.add("boot_id", 9);
            out.add("mono_ms", 180'000);
            out.add("wall_ms", 1'780'000'060'000ULL);
          },
          [](const Fields& in) { return *protocol::encode_fact(unlock_from(in)); },
          [](const Fields&, ByteView bytes) { return only(protocol::decode_fact(bytes)); },
          [](const Fields&, const Bytes&) -> Cases {
            return {{"nothing", {}}, {"a message that has no segment", Bytes{0x01, 0xFF}}};
          },
          ""};
}

Kind profile_fact_kind() {
  return {"fact-profile",
          "Bodies",
          "a new version of the profile; the signed bytes are of their own kind",
          [](Cast& cast, Fields& out) { out.add("signed", cast.bytes(80)); },
          [](const Fields& in) { return *protocol::encode_fact(core::ProfileFact{in.hex("signed")}); },
          [](const Fields&, ByteView bytes) { return only(protocol::decode_fact(bytes)); },
          [](const Fields&, const Bytes&) -> Cases {
            return {{"nothing", {}},
                    {"a message that has no segment", Bytes{0x01, 0xFF}},
                    {"a segment that is not there", Bytes{0x10, 0x05}},
                    {"words that are cut off", Bytes{0xFF, 0x01}}};
          },
          ""};
}

// --- frontier

core::Frontier frontier_from(const Fields& in) {
  core::Frontier out;
  for (const std::string& line : in.all("log")) out.raise(log_from(numbers(line)), Seq{numbers(line).at(4)});
  return out;
}

void draw_logs(Fields& out) {
  out.add("log", "0 17 4294967295 0 2");
  out.add("log", "1 1311768467463790320 0 0 5");
  out.add("log", "1 1311768467463790320 0 1 300");
  out.add("log", "3 9 0 2 1");
}

Kind frontier_kind() {
  return {"frontier",
          "Frontier",
          "log is node, incarnation, audience, lane, position",
          [](Cast&, Fields& out) { draw_logs(out); },
          [](const Fields& in) { return core::encode(frontier_from(in)); },
          [](const Fields&, ByteView bytes) { return only(core::decode_frontier(bytes)); },
          [](const Fields&, const Bytes& bytes) -> Cases {
            const auto raw = [](std::uint64_t authors, std::uint8_t mask, Bytes position) {
              return core::ByteWriter{}.varint(authors).varint(1).u64(7).varint(1).varint(1).u8(mask).raw(position).bytes();
            };
            Bytes twice = raw(2, 1, {5});
            core::append(twice, ByteView{raw(1, 1, {5})}.subspan(1));
            twice[twice.size() - 13] = 0;  // step of the node: the same author again
            return {{"nothing", {}},
                    {"more authors than follow", with(bytes, 0, 4)},
                    {"no lane", raw(1, 0, {})},
                    {"a lane that does not exist", raw(1, 16, {5})},
                    {"position 0", raw(1, 1, {0})},
                    {"position in two bytes where one is enough", raw(1, 1, {0x85, 0x00})},
                    {"position over 64 bits", raw(1, 1, Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02})},
                    {"the same author twice", twice}};
          },
          "frontier"};
}

// --- receipt

core::Receipt receipt_from(const Fields& in) {
  core::Receipt out;
  out.campaign = core::decode_founding(in.hex("founding"))->id();
  out.hub = {in.number("hub_incarnation")};
  out.epoch = static_cast<std::uint32_t>(in.number("epoch"));
  out.version = in.number("version");
  for (const std::string& line : in.all("log")) {
    const auto words = numbers(line);
    out.logs[log_from(words)] = {Seq{words.at(4)}, Seq{words.at(5)}};
  }
  std::map<core::Author, std::map<LogId, core::RootAt>> roots;
  for (const std::string& line : in.all("root")) {
    const auto end = line.find_last_of(' ');
    const LogId log = log_from(numbers(line.substr(0, end)));
    roots[log.author][log] = {out.logs.at(log).stored, *core::Hash::from(*core::from_hex(line.substr(end + 1)))};
  }
  for (const auto& [author, at] : roots) out.tags[author] = core::receipt_tag(at);
  core::sign_receipt(out, core::sign_keys_from_seed(in.hex("hub_sign_seed")));
  return out;
}

Kind receipt_kind() {
  return {
      "receipt",
      "Receipt",
      "log is node, incarnation, audience, lane, stored, opened; root is log, then the root of the bundle at stored",
      [](Cast& cast, Fields& out) {
        out.add("founding", core::encode(cast.founding()));
        out.add("hub_incarnation", 99);
        out.add("epoch", 2);
        out.add("version", 300);
        out.add("log", "1 1311768467463790320 0 0 5 5");
        out.add("log", "1 1311768467463790320 0 2 300 120");
        out.add("log", "3 9 0 1 1 0");
        for (const std::string log : {"1 1311768467463790320 0 0 ", "1 1311768467463790320 0 2 ", "3 9 0 1 "}) {
          out.add("root", log + core::to_hex(cast.bytes(32)));
        }
        out.add("hub_sign_seed", cast.hub.sign_seed);
      },
      [](const Fields& in) { return core::encode(receipt_from(in)); },
      [](const Fields& in, ByteView bytes) {
        const auto founding = core::decode_founding(in.hex("founding"));
        return only(core::decode_receipt(bytes, founding->id(), founding->hub_sign));
      },
      [](const Fields& in, const Bytes& bytes) -> Cases {
        const Bytes hub = in.hex("hub_sign_seed");
        const std::uint64_t campaign = core::decode_founding(in.hex("founding"))->id().value;
        const auto raw = [&](std::uint64_t whose, std::uint8_t mask, Bytes positions) {
          core::ByteWriter out;
          out.u8(1).u64(whose).u64(99).varint(2).varint(300).varint(1).varint(1).u64(7).u8(mask).raw(positions).u32(0x01020304);
          return signed_by(hub, "satchel receipt", out.bytes());
        };
        return {{"newer version", with(bytes, 0, 2)},
                {"of another campaign, rightly signed", raw(campaign ^ 1, 1, {5})},
                {"nothing stored, rightly signed", raw(campaign, 1, {0})},
                {"behind by nothing, rightly signed", raw(campaign, 0x11, {5, 0})},
                {"opened below zero, rightly signed", raw(campaign, 0x11, {5, 6})},
                {"behind in a lane that is not named, rightly signed", raw(campaign, 0x21, {5, 1})},
                {"signed as a record", signed_by(hub, "satchel record signature", ByteView{bytes}.first(bytes.size() - 64))}};
      },
      "receipt"};
}

// --- high water

const std::string kPath = "high-water";

Kind high_water_kind() {
  return {"high-water",
          "High-water file",
          "random is the incarnation, big-endian; log is node, audience, lane, position",
          [](Cast& cast, Fields& out) {
            out.add("random", cast.bytes(8));
            out.add("log", "1 0 0 5");
            out.add("log", "1 0 1 300");
          },
          [](const Fields& in) {
            MemoryDisk disk;
            ScriptedRng random{in.hex("random")};
            auto water = core::HighWater::open(disk, kPath, random);
            std::map<LogId, Seq> reached;
            for (const std::string& line : in.all("log")) {
              const auto words = numbers(line);
              reached[log_from({words.at(0), water->incarnation().value, words.at(1), words.at(2)})] = Seq{words.at(3)};
            }
            SATCHEL_CHECK(water->raise(reached).has_value());
            return disk.raw(kPath);
          },
          [](const Fields&, ByteView bytes) {
            MemoryDisk disk;
            SATCHEL_CHECK(disk.write_atomic(kPath, bytes).has_value());
            ScriptedRng none{{}};
            return only(core::HighWater::open(disk, kPath, none));
          },
          [](const Fields&, const Bytes& bytes) -> Cases {
            const auto closed = [](Bytes before) {
              core::append(before, core::hash("satchel high water", before).view());
              return before;
            };
            const ByteView before = ByteView{bytes}.first(bytes.size() - 32);
            return {{"nothing", {}},
                    {"torn in the middle", core::to_bytes(ByteView{bytes}.first(bytes.size() / 2))},
                    {"newer version, closing hash right", closed(with(core::to_bytes(before), 18, 2))},
                    {"frontier cut, closing hash right", closed(core::to_bytes(before.first(before.size() - 1)))}};
          },
          "high_water"};
}

}  // namespace

std::vector<Kind> record_kinds() {
  return {run_kind(), fact_kind(), unlock_kind(), profile_fact_kind(), frontier_kind(), receipt_kind(), high_water_kind()};
}

}  // namespace satchel::tests
