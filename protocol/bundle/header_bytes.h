#pragma once

#include <string_view>

#include "protocol/bundle/header.h"

/// Shared by what parses a header and what makes one; of no use to others.
namespace satchel::protocol {

inline constexpr std::string_view kBundleContext = "satchel bundle";

/// The header as it travels, without its signature.
core::Bytes signed_bytes(const Header& header);

/// What the author signs: the header without its signature, then the root of the bundle before it in the log.
core::Bytes signature_input(core::ByteView signed_part, const core::Hash& previous_root);

/// True when a body of that size cuts into chunks that each hold at least one byte besides their tag.
bool fits_chunks(std::uint64_t ciphertext_size, ChunkSize chunk_size);

}  // namespace satchel::protocol
