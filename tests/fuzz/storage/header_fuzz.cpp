// A bundle's header from anybody: what parses is in its one form, and its numbers agree with each other.
#include "core/base/check.h"
#include "protocol/bundle/header.h"
#include "protocol/bundle/header_bytes.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = protocol::parse_header({data, size});
  if (!header) return 0;
  core::Bytes again = protocol::signed_bytes(*header);
  core::append(again, header->signature.view());
  SATCHEL_CHECK(core::same_bytes(again, {data, size}) && core::same_bytes(again, header->bytes));
  SATCHEL_CHECK(header->ciphertext_size <= protocol::kCiphertextMax && header->chunk_count() <= protocol::kChunksMax);
  std::uint64_t at = 0;
  for (std::size_t proofs = 0; at < header->body_size(); ++proofs) {
    SATCHEL_CHECK(proofs <= protocol::kChunksMax + 1 && header->proof_start(at) == at && header->proof_end(at) > at);
    at = header->proof_end(at);
  }
  SATCHEL_CHECK(at == header->body_size());
  return 0;
}
