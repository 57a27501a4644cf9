#include "protocol/bundle/bundle.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "protocol/bundle/header_bytes.h"

namespace satchel::protocol {

using core::ByteView;
using core::Code;
using core::Result;

namespace {

constexpr std::size_t kKeySize = 32;

/// STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as age uses it: the position and "this is the last one" stand in the nonce,
/// so that chunks cannot be swapped, dropped at the end, or added.
core::Nonce24 chunk_nonce(std::uint64_t index, bool last) {
  core::Nonce24 nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<std::uint8_t>(index >> (8 * i));
  nonce.back() = last ? 1 : 0;
  return nonce;
}

/// Where the wrap belongs: the ephemeral key, who it is for, and which bundle.
core::Bytes wrap_binding(const Header& header, ByteView recipient) {
  core::ByteWriter out;
  out.raw(header.ephemeral.view()).raw(recipient).raw(id_bytes(header.id));
  return std::move(out).take();
}

core::SecretBytes box_wrap_key(const Header& header, const core::SecretBytes& agreed, const core::BoxPublic& recipient) {
  core::Hash key = core::keyed_hash(agreed.view(), "satchel wrap", wrap_binding(header, recipient.view()));
  core::SecretBytes out{key.view()};
  core::wipe(key.value);
  return out;
}

core::SecretBytes group_wrap_key(const Header& header, ByteView group_key) {
  core::Hash key = core::keyed_hash(group_key, "satchel group wrap", wrap_binding(header, {}));
  core::SecretBytes out{key.view()};
  core::wipe(key.value);
  return out;
}

std::array<std::uint8_t, 4> first_four(const core::Hash& hash) {
  return {hash.value[0], hash.value[1], hash.value[2], hash.value[3]};
}

std::array<std::uint8_t, 4> box_hint(const Header& header, const core::BoxPublic& recipient) {
  core::Bytes input = core::to_bytes(header.ephemeral.view());
  core::append(input, recipient.view());
  return first_four(core::hash("satchel hint", input));
}

std::array<std::uint8_t, 4> group_hint(const Header& header, ByteView group_key) {
  return first_four(core::keyed_hash(group_key, "satchel group hint", header.ephemeral.view()));
}

Stanza make_stanza(Stanza::Kind kind, std::array<std::uint8_t, 4> hint, const core::SecretBytes& wrap_key,
                   const core::SecretBytes& content_key) {
  Stanza stanza{kind, hint, {}};
  const core::Bytes wrapped = core::chacha_seal(wrap_key.view(), 0, {}, content_key.view());
  SATCHEL_CHECK(wrapped.size() == stanza.wrapped.size());
  std::ranges::copy(wrapped, stanza.wrapped.begin());
  return stanza;
}

Result<void> add_stanzas(Header& header, const SealRequest& request, const core::SecretBytes& content_key, core::Rng& rng) {
  const core::BoxKeys ephemeral = core::make_box_keys(rng);
  header.ephemeral = ephemeral.public_key;
  for (const core::BoxPublic& recipient : request.recipients) {
    SATCHEL_TRY_ASSIGN(const core::SecretBytes agreed, core::agree(ephemeral, recipient));
    header.stanzas.push_back(
        make_stanza(Stanza::Kind::box, box_hint(header, recipient), box_wrap_key(header, agreed, recipient), content_key));
  }
  if (!request.group_key.empty()) {
    header.stanzas.push_back(make_stanza(Stanza::Kind::group, group_hint(header, request.group_key),
                                         group_wrap_key(header, request.group_key), content_key));
  }
  return {};
}

/// Chunk list (when there is more than one chunk) ‖ ciphertext; sets size and root.
core::Bytes seal_chunks(Header& header, const core::SecretBytes& content_key, ByteView payload) {
  const std::size_t plain_size = bytes_of(header.chunk_size) - kChunkTagSize;
  const std::size_t chunks = (payload.size() + plain_size - 1) / plain_size;
  header.ciphertext_size = payload.size() + chunks * kChunkTagSize;
  core::Bytes list;
  core::Bytes ciphertext;
  ciphertext.reserve(header.ciphertext_size);
  for (std::size_t i = 0; i < chunks; ++i) {
    const ByteView plain = payload.subspan(i * plain_size, std::min(plain_size, payload.size() - i * plain_size));
    const core::Bytes chunk = core::xchacha_seal(content_key.view(), chunk_nonce(i, i + 1 == chunks), {}, plain);
    core::append(list, chunk_hash(chunk).view());
    core::append(ciphertext, chunk);
  }
  header.root = root_of(list);
  if (chunks == 1) return ciphertext;
  core::append(list, ciphertext);
  return list;
}

}  // namespace

Result<SealedBundle> seal_bundle(const SealRequest& request, const core::SignKeys& author, core::Rng& rng) {
  const std::size_t stanzas = request.recipients.size() + (request.group_key.empty() ? 0U : 1U);
  SATCHEL_CHECK(request.id.seq.value > 0 && !request.payload.empty() && stanzas > 0);
  SATCHEL_CHECK(request.group_key.empty() || request.group_key.size() == kKeySize);
  const std::size_t plain_size = bytes_of(request.chunk_size) - kChunkTagSize;
  if (stanzas > kStanzasMax) return Code::kLimitExceeded;
  if (request.payload.size() > kCiphertextMax / bytes_of(request.chunk_size) * plain_size) return Code::kLimitExceeded;

  core::SecretBytes content_key{kContentKeySize};
  rng.fill(content_key.span());
  SealedBundle out;
  out.header.id = request.id;
  out.header.chunk_size = request.chunk_size;
  out.header.urgent = request.urgent;
  SATCHEL_TRY(add_stanzas(out.header, request, content_key, rng));
  out.body = seal_chunks(out.header, content_key, request.payload);
  out.header.bytes = signed_bytes(out.header);
  out.header.signature = core::sign(author, kBundleContext, signature_input(out.header.bytes, request.previous_root));
  core::append(out.header.bytes, out.header.signature.view());
  return out;
}

bool opens(const Header& header, const Opener& opener) {
  return std::ranges::any_of(header.stanzas, [&](const Stanza& stanza) {
    if (stanza.kind == Stanza::Kind::box) return opener.box != nullptr && stanza.hint == box_hint(header, opener.box->public_key);
    return !opener.group_key.empty() && stanza.hint == group_hint(header, opener.group_key);
  });
}

Result<void> verify_body(const Header& header, ByteView body) {
  if (body.size() != header.body_size()) return Code::kHashBad;
  const ByteView list = body.first(header.list_size());
  const ByteView ciphertext = body.subspan(header.list_size());
  if (list.empty()) {
    if (root_of(chunk_hash(ciphertext).view()) != header.root) return Code::kHashBad;
    return {};
  }
  if (root_of(list) != header.root) return Code::kHashBad;
  const std::size_t size = bytes_of(header.chunk_size);
  for (std::size_t i = 0; i < header.chunk_count(); ++i) {
    const ByteView chunk = ciphertext.subspan(i * size, std::min(size, ciphertext.size() - i * size));
    if (!core::same_bytes(chunk_hash(chunk).view(), list.subspan(i * kHashSize, kHashSize))) return Code::kHashBad;
  }
  return {};
}

Result<core::Bytes> open_bundle(const Header& header, ByteView body, const Opener& opener) {
  SATCHEL_TRY(verify_body(header, body));
  return open_proven_bundle(header, body, opener);
}

Result<core::SecretBytes> content_key(const Header& header, const Opener& opener) {
  for (const Stanza& stanza : header.stanzas) {
    core::SecretBytes key;
    if (stanza.kind == Stanza::Kind::box) {
      if (opener.box == nullptr || stanza.hint != box_hint(header, opener.box->public_key)) continue;
      SATCHEL_TRY_ASSIGN(const core::SecretBytes agreed, core::agree(*opener.box, header.ephemeral));
      key = box_wrap_key(header, agreed, opener.box->public_key);
    } else {
      if (opener.group_key.empty() || stanza.hint != group_hint(header, opener.group_key)) continue;
      key = group_wrap_key(header, opener.group_key);
    }
    auto content = core::chacha_open(key.view(), 0, {}, stanza.wrapped);
    if (!content) continue;  // a chance hit of the hint, or damage: another stanza may still fit
    core::SecretBytes out{*content};
    core::wipe(*content);
    return out;
  }
  return Code::kSealBroken;
}

Result<core::Bytes> open_content(const Header& header, ByteView body, ByteView content_key) {
  SATCHEL_CHECK(body.size() == header.body_size() && content_key.size() == kContentKeySize);
  const ByteView ciphertext = body.subspan(header.list_size());
  const std::size_t size = bytes_of(header.chunk_size);
  const std::size_t chunks = header.chunk_count();
  core::Bytes payload(ciphertext.size() - chunks * kChunkTagSize);
  std::span<std::uint8_t> rest{payload};
  for (std::size_t i = 0; i < chunks; ++i) {
    const ByteView chunk = ciphertext.subspan(i * size, std::min(size, ciphertext.size() - i * size));
    const std::size_t plain_size = chunk.size() - kChunkTagSize;
    SATCHEL_TRY(core::xchacha_open_to(rest.first(plain_size), content_key, chunk_nonce(i, i + 1 == chunks), {}, chunk));
    rest = rest.subspan(plain_size);
  }
  return payload;
}

Result<core::Bytes> open_proven_bundle(const Header& header, ByteView body, const Opener& opener) {
  SATCHEL_TRY_ASSIGN(const core::SecretBytes key, content_key(header, opener));
  return open_content(header, body, key.view());
}

}  // namespace satchel::protocol
