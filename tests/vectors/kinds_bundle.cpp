#include "core/record/entry.h"
#include "protocol/bundle/bundle.h"
#include "protocol/bundle/payload.h"
#include "tests/vectors/kinds.h"
#include "tests/vectors/sealed.h"

/// Payload, header, body.
namespace satchel::tests {
namespace {

using core::Bytes;
using core::ByteView;
using core::Result;
using Form = protocol::WireBlob::Form;

Kind payload_kind() {
  return {
      "payload",
      "Payload",
      "a run and three blobs: a plain one, an empty one, and one in the form of a JPEG XL (its bytes are not read)",
      [](Cast& cast, Fields& out) {
        core::Run run{{{{1}, {7}}, core::kToHub, core::Lane::record}, core::Seq{1}, {}, {{1, 2, 3}}, {}};
        const core::RecordId id = core::record_id({run.log, run.first, {}, run.bodies[0]});
        run.signature = core::sign_record(core::sign_keys_from_seed(cast.site.sign_seed), id);
        out.add("run", core::encode(run));
        out.add("blob", Bytes{0xFF, 0xD8, 0xFF});
        out.add("blob", Bytes{});
        out.add("jpeg_xl", Bytes{0, 1, 2, 3});
      },
      [](const Fields& in) {
        protocol::Payload payload;
        for (const std::string& run : in.all("run")) payload.runs.push_back(*core::decode_run(*core::from_hex(run)));
        for (const std::string& blob : in.all("blob")) payload.blobs.push_back({Form::plain, *core::from_hex(blob)});
        for (const std::string& blob : in.all("jpeg_xl")) payload.blobs.push_back({Form::jpeg_xl, *core::from_hex(blob)});
        return protocol::encode_payload(payload);
      },
      [](const Fields&, ByteView bytes) { return only(protocol::decode_payload(bytes)); },
      [](const Fields& in, const Bytes& bytes) -> Cases {
        Bytes run_last{2, 0};
        core::append(run_last, core::ByteWriter{}.u8(1).sized(in.hex("run")).bytes());
        return {{"nothing", {}}, {"a kind of item that does not exist", with(bytes, 0, 4)}, {"a run behind a blob", run_last}};
      },
      "payload"};
}

void draw_bundle(Cast& cast, Fields& out) {
  out.add("log", "1 1311768467463790320 0 1");
  out.add("urgent", 0);
  out.add("seq", 7);
  out.add("previous_root", cast.bytes(32));
  out.add("author_sign_seed", cast.site.sign_seed);
  out.add("recipient_box_secret", cast.hub.box_secret);
  out.add("recipient_box_secret", cast.recovery_secret);
  out.add("payload", Bytes{2, 5, 'h', 'e', 'l', 'l', 'o'});
  out.add("random", cast.bytes(32 + 32));
}

/// `bytes` with a new signature under the same author.
Bytes resigned(const Fields& in, const Bytes& bytes) {
  Bytes out = core::to_bytes(ByteView{bytes}.first(bytes.size() - 64));
  Bytes statement = out;
  core::append(statement, in.hex("previous_root"));
  core::append(out, core::sign(core::sign_keys_from_seed(in.hex("author_sign_seed")), "satchel bundle", statement).view());
  return out;
}

void draw_urgent(Cast& cast, Fields& out) {
  Fields plain;
  draw_bundle(cast, plain);
  for (const auto& [name, value] : plain.lines()) out.add(name, name == "urgent" ? "1" : value);
}

Kind header_kind(const char* name, const char* seeds, void (*draw)(Cast&, Fields&)) {
  return {name,
          "Bundle header",
          "log is node, incarnation, audience, lane; chunks of 64 KiB; random is the content key, then the ephemeral secret",
          draw,
          [](const Fields& in) { return sealed_from(in).header.bytes; },
          [](const Fields& in, ByteView bytes) -> Result<void> {
            SATCHEL_TRY_ASSIGN(const protocol::Header header, protocol::parse_header(bytes));
            const auto author = core::sign_keys_from_seed(in.hex("author_sign_seed")).public_key;
            return protocol::verify_header(header, *core::Hash::from(in.hex("previous_root")), author);
          },
          [](const Fields& in, const Bytes& bytes) -> Cases {
            // version shape node incarnation(8) seq length root(32) stanzas ephemeral(32) stanza(53)…
            constexpr std::size_t kSeq = 11;
            constexpr std::size_t kLength = 12;
            constexpr std::size_t kStanzas = kLength + 1 + 32;
            constexpr std::size_t kFirstStanza = kStanzas + 1 + 32;
            Bytes exchanged = bytes;
            std::swap_ranges(exchanged.begin() + kFirstStanza, exchanged.begin() + kFirstStanza + 53,
                             exchanged.begin() + kFirstStanza + 53);
            Bytes long_seq = bytes;
            long_seq[kSeq] = 0x87;
            long_seq.insert(long_seq.begin() + kSeq + 1, std::uint8_t{0});
            Bytes other_previous = bytes;
            {
              Bytes statement = core::to_bytes(ByteView{bytes}.first(bytes.size() - 64));
              core::append(statement, Bytes(32, 0));
              const auto signature =
                  core::sign(core::sign_keys_from_seed(in.hex("author_sign_seed")), "satchel bundle", statement);
              std::ranges::copy(signature.value, other_previous.end() - 64);
            }
            return {{"newer version", with(bytes, 0, 2)},
                    {"a shape with a bit that has no meaning, rightly signed", resigned(in, with(bytes, 1, bytes[1] | 0x80U))},
                    {"another urgency than its author gave it", with(bytes, 1, bytes[1] ^ 0x40U)},
                    {"chunks of a size that does not exist, rightly signed", resigned(in, with(bytes, 1, bytes[1] | 0x0CU))},
                    {"number 0, rightly signed", resigned(in, with(bytes, kSeq, 0))},
                    {"number in two bytes where one is enough, rightly signed", resigned(in, long_seq)},
                    {"a body with room for a tag only, rightly signed", resigned(in, with(bytes, kLength, 16))},
                    {"no recipient, rightly signed", resigned(in, with(bytes, kStanzas, 0))},
                    {"nine recipients, rightly signed", resigned(in, with(bytes, kStanzas, 9))},
                    {"a kind of recipient that does not exist, rightly signed", resigned(in, with(bytes, kFirstStanza, 2))},
                    {"recipients exchanged", exchanged},
                    {"the follower of another bundle", other_previous}};
          },
          seeds};
}

Kind body_kind() {
  return {"bundle-body",
          "Body",
          "of the bundle in bundle-header.txt; one chunk, so there is no list",
          draw_bundle,
          [](const Fields& in) { return sealed_from(in).body; },
          [](const Fields& in, ByteView bytes) -> Result<void> {
            const protocol::Header header = sealed_from(in).header;
            const core::BoxKeys hub = core::box_keys_from_secret(*core::from_hex(in.all("recipient_box_secret")[0]));
            SATCHEL_TRY_ASSIGN(const Bytes payload, protocol::open_bundle(header, bytes, {&hub, {}}));
            if (payload != in.hex("payload")) return core::Code::kInternal;
            return {};
          },
          [](const Fields&, const Bytes&) -> Cases {
            return {{"nothing", {}}};
          },
          ""};
}

}  // namespace

std::vector<Kind> bundle_kinds() {
  return {payload_kind(), header_kind("bundle-header", "header", draw_bundle),
          header_kind("bundle-header-urgent", "", draw_urgent), body_kind()};
}

}  // namespace satchel::tests
