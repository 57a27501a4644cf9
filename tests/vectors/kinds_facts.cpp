#include "protocol/body/body.h"
#include "tests/vectors/kinds.h"

/// Bodies of facts that came after the first ones: discard, withdrawal, resolution, index, timetable, proof, errata,
/// delivery, purge, purged.
namespace satchel::tests {
namespace {

using core::Bytes;
using core::ByteView;

core::Moment moment_from(const Fields& in) {
  return {
      in.number("boot_id"), {static_cast<std::int64_t>(in.number("mono_ms"))}, {static_cast<std::int64_t>(in.number("wall_ms"))}};
}

void draw_about(Cast& cast, Fields& out, const char* named) {
  out.add("student", 742'342'342'342'342ULL);
  out.add(named, cast.bytes(32));
  out.add("boot_id", 9);
  out.add("mono_ms", 180'000);
  out.add("wall_ms", 1'780'000'060'000ULL);
}

void draw_when(Fields& out) {
  out.add("student", 742'342'342'342'342ULL);
  out.add("boot_id", 9);
  out.add("mono_ms", 180'000);
  out.add("wall_ms", 1'780'000'060'000ULL);
}

core::StudentRef student_from(const Fields& in) { return {in.number("student")}; }
core::Hash hash_from(const Fields& in, const char* name) { return *core::Hash::from(in.hex(name)); }

/// A body is read whole or not at all.
Kind body_kind(const char* name, const char* comment, std::function<void(Cast&, Fields&)> draw,
               std::function<core::Fact(const Fields&)> make) {
  return {name,
          "Bodies",
          comment,
          std::move(draw),
          [make = std::move(make)](const Fields& in) { return *protocol::encode_fact(make(in)); },
          [](const Fields&, ByteView bytes) { return only(protocol::decode_fact(bytes)); },
          [](const Fields&, const Bytes&) -> Cases {
            return {{"nothing", {}},
                    {"a message that has no segment", Bytes{0x01, 0xFF}},
                    {"a segment that is not there", Bytes{0x10, 0x05}},
                    {"words that are cut off", Bytes{0xFF, 0x01}}};
          },
          ""};
}

Kind discard_kind() {
  return body_kind(
      "fact-discard", "a draft out of the box", [](Cast& cast, Fields& out) { draw_about(cast, out, "capture"); },
      [](const Fields& in) {
        return core::DiscardFact{student_from(in), hash_from(in, "capture"), moment_from(in)};
      });
}

Kind withdrawal_kind() {
  return body_kind(
      "fact-withdrawal", "a submission taken back", [](Cast& cast, Fields& out) { draw_about(cast, out, "submission"); },
      [](const Fields& in) {
        return core::WithdrawalFact{student_from(in), hash_from(in, "submission"), moment_from(in)};
      });
}

Kind resolution_kind() {
  return body_kind(
      "fact-resolution", "one submission chosen, two dismissed",
      [](Cast& cast, Fields& out) {
        draw_about(cast, out, "chosen");
        out.add("dismissed", cast.bytes(32));
        out.add("dismissed", cast.bytes(32));
        out.add("note", "以现场照片为准");
        out.add("review_epoch", 5);
      },
      [](const Fields& in) {
        core::ResolutionFact fact{student_from(in), hash_from(in, "chosen"),   {},
                                  in.text("note"),  in.number("review_epoch"), moment_from(in)};
        for (const std::string& one : in.all("dismissed")) fact.dismissed.push_back(*core::Hash::from(*core::from_hex(one)));
        return fact;
      });
}

Kind index_kind() {
  return body_kind(
      "fact-index", "entry is student, site, and 1 for delisted, exempt, must be taken again",
      [](Cast&, Fields& out) {
        out.add("version", 3);
        out.add("entry", "742342342342342 1 0 0 1");
        out.add("entry", "1125899906842623 700 1 1 0");
      },
      [](const Fields& in) {
        core::IndexFact fact;
        fact.version = in.number("version");
        for (const std::string& line : in.all("entry")) {
          const auto words = numbers(line);
          fact.entries.push_back(
              {{words.at(0)}, {static_cast<std::uint32_t>(words.at(1))}, words.at(2) == 1, words.at(3) == 1, words.at(4) == 1});
        }
        return fact;
      });
}

Kind timetable_kind() {
  return body_kind(
      "fact-timetable",
      "times are from and until in milliseconds, in the order of the rooms and classes; the last slot is open to all",
      [](Cast&, Fields& out) {
        out.add("version", 2);
        out.add("room", "一号教室");
        out.add("class", "19史（5）");
        out.add("times", "1780000000000 1780000900000");
        out.add("room", "二号教室");
        out.add("class", "");
        out.add("times", "1780000900000 1780001800000");
      },
      [](const Fields& in) {
        core::TimetableFact fact;
        fact.version = in.number("version");
        const auto rooms = in.all("room");
        const auto classes = in.all("class");
        const auto times = in.all("times");
        for (std::size_t i = 0; i < rooms.size(); ++i) {
          const auto words = numbers(times.at(i));
          fact.slots.push_back(
              {rooms[i], {static_cast<std::int64_t>(words.at(0))}, {static_cast<std::int64_t>(words.at(1))}, classes.at(i)});
        }
        return fact;
      });
}

Kind second_look_kind() {
  return body_kind(
      "fact-second-look", "a second reviewer would have rejected",
      [](Cast& cast, Fields& out) {
        draw_about(cast, out, "submission");
        out.add("approved", 0);
        out.add("reason", "R-BLUR");
        out.add("by", "审核员乙");
        out.add("seed", 77);
      },
      [](const Fields& in) {
        return core::SecondLookFact{student_from(in),
                                    hash_from(in, "submission"),
                                    in.number("approved") == 1,
                                    in.text("reason"),
                                    in.text("by"),
                                    in.number("seed"),
                                    moment_from(in)};
      });
}

Kind national_kind() {
  return body_kind(
      "fact-national", "result is 0 passed, 1 failed, 2 undetermined",
      [](Cast& cast, Fields& out) {
        draw_about(cast, out, "submission");
        out.add("result", 1);
        out.add("reason", "比对不通过");
        out.add("version", 2);
      },
      [](const Fields& in) {
        return core::NationalFact{
            student_from(in),  hash_from(in, "submission"), static_cast<core::NationalResult>(in.number("result")),
            in.text("reason"), in.number("version"),        moment_from(in)};
      });
}

Kind case_kind() {
  return body_kind(
      "fact-case", "who has it, what comes next, until when",
      [](Cast&, Fields& out) {
        out.add("student", 742'342'342'342'342ULL);
        out.add("closed", 1);
        out.add("owner", "学籍科");
        out.add("next", "请学生补交材料");
        out.add("due_ms", 1'781'000'000'000ULL);
        out.add("version", 3);
        out.add("boot_id", 9);
        out.add("mono_ms", 180'000);
        out.add("wall_ms", 1'780'000'060'000ULL);
      },
      [](const Fields& in) {
        return core::CaseFact{student_from(in),
                              in.number("closed") == 1,
                              in.text("owner"),
                              in.text("next"),
                              {static_cast<std::int64_t>(in.number("due_ms"))},
                              in.number("version"),
                              moment_from(in)};
      });
}

Kind proof_kind() {
  return body_kind(
      "fact-proof", "the student says that two fields are wrong",
      [](Cast& cast, Fields& out) {
        draw_about(cast, out, "submission");
        out.add("right", 0);
        out.add("field", "name");
        out.add("field", "picture");
        out.add("note", "姓名有误");
        out.add("epoch", 2);
      },
      [](const Fields& in) {
        return core::ProofFact{student_from(in), hash_from(in, "submission"), in.number("right") == 1, in.all("field"),
                               in.text("note"),  in.number("epoch"),          moment_from(in)};
      });
}

Kind errata_kind() {
  return body_kind(
      "fact-errata", "a correction is opened",
      [](Cast&, Fields& out) {
        draw_when(out);
        out.add("closed", 0);
        out.add("field", "name");
        out.add("note", "附身份证复印件");
        out.add("epoch", 1);
      },
      [](const Fields& in) {
        return core::ErrataFact{student_from(in), in.number("closed") == 1, in.all("field"),
                                in.text("note"),  in.number("epoch"),       moment_from(in)};
      });
}

Kind delivery_kind() {
  return body_kind(
      "fact-delivery", "handed over", [](Cast& cast, Fields& out) { draw_about(cast, out, "submission"); },
      [](const Fields& in) {
        return core::DeliveryFact{student_from(in), hash_from(in, "submission"), moment_from(in)};
      });
}

core::PurgeScope scope_from(const Fields& in) { return static_cast<core::PurgeScope>(in.number("scope")); }

Kind purge_kind() {
  return body_kind(
      "fact-purge", "the order to destroy all pictures",
      [](Cast&, Fields& out) {
        draw_when(out);
        out.add("scope", 2);
      },
      [](const Fields& in) {
        return core::PurgeFact{student_from(in), scope_from(in), moment_from(in)};
      });
}

Kind purged_kind() {
  return body_kind(
      "fact-purged", "a node's word that two pictures are destroyed",
      [](Cast& cast, Fields& out) {
        draw_about(cast, out, "destroyed");
        out.add("destroyed", cast.bytes(32));
        out.add("scope", 3);
        out.add("size", 4'056'789);
        out.add("rows", 1);
      },
      [](const Fields& in) {
        core::PurgedFact fact{student_from(in), scope_from(in), {}, in.number("size"), 0, moment_from(in)};
        fact.rows = static_cast<std::uint32_t>(in.number("rows"));
        for (const std::string& one : in.all("destroyed")) fact.destroyed.push_back(*core::Hash::from(*core::from_hex(one)));
        return fact;
      });
}

Kind code_revocation_kind() {
  return body_kind(
      "fact-code-revocation", "codes issued under a smaller number count no more",
      [](Cast&, Fields& out) {
        out.add("student", 742'342'342'342'342ULL);
        out.add("below", 2);
        out.add("boot_id", 9);
        out.add("mono_ms", 180'000);
        out.add("wall_ms", 1'780'000'060'000ULL);
      },
      [](const Fields& in) {
        return core::CodeRevocationFact{student_from(in), in.number("below"), moment_from(in)};
      });
}

Kind foreign_code_kind() {
  return body_kind(
      "fact-foreign-code", "a code of another system, matched to a student although another one had it",
      [](Cast& cast, Fields& out) {
        draw_about(cast, out, "digest");
        out.add("sealed", cast.bytes(90));
        out.add("sealed_recovery", cast.bytes(90));
        out.add("reason", "本人到场，已核对证件");
      },
      [](const Fields& in) {
        return core::ForeignCodeFact{student_from(in),          hash_from(in, "digest"), in.hex("sealed"),
                                     in.hex("sealed_recovery"), in.text("reason"),       moment_from(in)};
      });
}

Kind foreign_answer_kind() {
  return body_kind(
      "fact-foreign-answer", "confirmed is 1 or 0, source 0 a mapping, 1 a decoder, 2 a person",
      [](Cast& cast, Fields& out) {
        draw_about(cast, out, "digest");
        out.add("confirmed", 1);
        out.add("source", 1);
        out.add("epoch", 3);
      },
      [](const Fields& in) {
        return core::ForeignAnswerFact{student_from(in),
                                       hash_from(in, "digest"),
                                       in.number("confirmed") == 1,
                                       static_cast<core::AnswerSource>(in.number("source")),
                                       in.number("epoch"),
                                       moment_from(in)};
      });
}

}  // namespace

std::vector<Kind> fact_kinds() {
  return {discard_kind(),   withdrawal_kind(),      resolution_kind(),   index_kind(),
          timetable_kind(), second_look_kind(),     national_kind(),     case_kind(),
          proof_kind(),     errata_kind(),          delivery_kind(),     purge_kind(),
          purged_kind(),    code_revocation_kind(), foreign_code_kind(), foreign_answer_kind()};
}

}  // namespace satchel::tests
