#include "protocol/bundle/header.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "protocol/bundle/header_bytes.h"

namespace satchel::protocol {

using core::ByteReader;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Result;

namespace {

constexpr unsigned kUrgentBit = 0x40;
constexpr unsigned kNoMeaning = 0x80;

/// The second byte: lane (bits 0–1), chunk size (2–3), form of the audience (4–5), urgent (6); bit 7 is zero.
enum class AudienceForm : std::uint8_t { hub = 0, everyone = 1, node = 2 };

AudienceForm form_of(core::Audience audience) {
  if (audience == core::kToHub) return AudienceForm::hub;
  return audience == core::kEveryone ? AudienceForm::everyone : AudienceForm::node;
}

std::uint8_t shape_of(const Header& header) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(header.id.log.lane) | static_cast<unsigned>(header.chunk_size) << 2U |
                                   static_cast<unsigned>(form_of(header.id.log.audience)) << 4U |
                                   (header.urgent ? kUrgentBit : 0U));
}

/// False when the byte has no meaning.
bool read_shape(std::uint8_t shape, Header& header, AudienceForm& form) {
  const unsigned size = (shape >> 2U) & 3U;
  const unsigned audience = (shape >> 4U) & 3U;
  if ((shape & kNoMeaning) != 0 || size > static_cast<unsigned>(ChunkSize::k64) || audience > 2) return false;
  header.id.log.lane = static_cast<core::Lane>(shape & 3U);
  header.chunk_size = static_cast<ChunkSize>(size);
  header.urgent = (shape & kUrgentBit) != 0;
  form = static_cast<AudienceForm>(audience);
  return true;
}

bool read_fields(ByteReader& in, Header& header) {
  AudienceForm form{};
  if (!read_shape(in.u8(), header, form)) return false;
  const std::uint64_t node = in.varint();
  header.id.log.author.incarnation.value = in.u64();
  header.id.log.audience = form == AudienceForm::everyone ? core::kEveryone : core::kToHub;
  if (form == AudienceForm::node) {
    const std::uint64_t audience = in.varint();
    if (audience == 0 || audience >= core::kEveryone.value) return false;
    header.id.log.audience.value = static_cast<std::uint32_t>(audience);
  }
  header.id.seq.value = in.varint();
  header.ciphertext_size = in.varint();
  header.root = in.fixed<core::Hash>();
  if (!in.ok() || node >= core::kEveryone.value || header.id.seq.value == 0) return false;
  header.id.log.author.node.value = static_cast<std::uint32_t>(node);
  return true;
}

bool read_stanzas(ByteReader& in, Header& header, std::size_t count) {
  header.ephemeral = in.fixed<core::BoxPublic>();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    Stanza stanza;
    const std::uint8_t kind = in.u8();
    if (kind > static_cast<std::uint8_t>(Stanza::Kind::group)) return false;
    stanza.kind = static_cast<Stanza::Kind>(kind);
    std::ranges::copy(in.raw(stanza.hint.size()), stanza.hint.begin());
    std::ranges::copy(in.raw(stanza.wrapped.size()), stanza.wrapped.begin());
    header.stanzas.push_back(stanza);
  }
  return in.ok();
}

}  // namespace

std::size_t Header::chunk_count() const {
  const std::uint64_t size = bytes_of(chunk_size);
  return static_cast<std::size_t>((ciphertext_size + size - 1) / size);
}

std::size_t Header::list_size() const { return chunk_count() > 1 ? chunk_count() * kHashSize : 0; }

std::uint64_t Header::proof_start(std::uint64_t offset) const {
  const std::uint64_t list = list_size();
  if (offset < list) return 0;
  return list + (offset - list) / bytes_of(chunk_size) * bytes_of(chunk_size);
}

std::uint64_t Header::proof_end(std::uint64_t offset) const {
  if (offset < list_size()) return list_size();
  return std::min(body_size(), proof_start(offset) + bytes_of(chunk_size));
}

core::Bytes signed_bytes(const Header& header) {
  const core::LogId& log = header.id.log;
  ByteWriter out;
  out.u8(kBundleVersion).u8(shape_of(header)).varint(log.author.node.value).u64(log.author.incarnation.value);
  if (form_of(log.audience) == AudienceForm::node) out.varint(log.audience.value);
  out.varint(header.id.seq.value).varint(header.ciphertext_size).raw(header.root.view());
  out.u8(static_cast<std::uint8_t>(header.stanzas.size())).raw(header.ephemeral.view());
  for (const Stanza& stanza : header.stanzas) {
    out.u8(static_cast<std::uint8_t>(stanza.kind)).raw(stanza.hint).raw(stanza.wrapped);
  }
  return std::move(out).take();
}

bool fits_chunks(std::uint64_t ciphertext_size, ChunkSize chunk_size) {
  if (ciphertext_size <= kChunkTagSize || ciphertext_size > kCiphertextMax) return false;
  const std::uint64_t last = ciphertext_size % bytes_of(chunk_size);
  return last == 0 || last > kChunkTagSize;
}

Result<Header> parse_header(ByteView bytes) {
  if (bytes.size() > kHeaderMax) return Code::kLimitExceeded;
  ByteReader in{bytes};
  Header header;
  const std::uint8_t version = in.u8();
  if (!in.ok()) return Code::kMalformed;
  if (version != kBundleVersion) return Code::kVersionUnknown;
  if (!read_fields(in, header)) return Code::kMalformed;
  if (header.ciphertext_size > kCiphertextMax) return Code::kLimitExceeded;
  if (!fits_chunks(header.ciphertext_size, header.chunk_size)) return Code::kMalformed;
  const std::size_t stanzas = in.u8();
  if (stanzas > kStanzasMax) return Code::kLimitExceeded;
  if (stanzas == 0 || !read_stanzas(in, header, stanzas)) return Code::kMalformed;
  header.signature = in.fixed<core::Signature>();
  if (!in.done()) return Code::kMalformed;
  header.bytes = core::to_bytes(bytes);
  return header;
}

std::optional<HeaderFront> peek_header(ByteView bytes) {
  ByteReader in{bytes};
  Header header;
  if (in.u8() != kBundleVersion || !read_fields(in, header)) return std::nullopt;
  return HeaderFront{header.urgent, header.body_size()};
}

core::Bytes signature_input(ByteView signed_part, const core::Hash& previous_root) {
  core::Bytes out = core::to_bytes(signed_part);
  core::append(out, previous_root.view());
  return out;
}

Result<void> verify_header(const Header& header, const core::Hash& previous_root, const core::SignPublic& author) {
  SATCHEL_CHECK(header.bytes.size() > core::Signature::kSize);
  const ByteView signed_part = ByteView{header.bytes}.first(header.bytes.size() - core::Signature::kSize);
  if (!core::verify(author, kBundleContext, signature_input(signed_part, previous_root), header.signature)) {
    return Code::kSignatureBad;
  }
  return {};
}

core::Hash chunk_hash(ByteView ciphertext_chunk) { return core::hash("satchel chunk", ciphertext_chunk); }
core::Hash root_of(ByteView chunk_list) { return core::hash("satchel root", chunk_list); }

core::Bytes id_bytes(const core::BundleId& id) {
  ByteWriter out;
  core::keys::put_log(out, id.log);
  out.u64_be(id.seq.value);
  return std::move(out).take();
}

}  // namespace satchel::protocol
