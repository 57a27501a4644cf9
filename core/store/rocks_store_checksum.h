#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace satchel::core {

/// RocksDB sums up every byte that it writes, twice (log and table), as CRC32C. Debian builds it for processors without SSE 4.2,
/// and there it looks up tables: a quarter of all that taking in a photo cost. rocks_store_checksum.cpp defines the library's
/// function under its own name, so that the library calls this one, which asks the processor. The sums are the same; a processor
/// that cannot, and any other build of RocksDB, go on with the library's.
///
/// Does nothing: whoever calls it has that definition linked in.
void link_rocks_checksum();

/// The same sum, of bytes of our own.
std::uint32_t crc32c(ByteView bytes);

}  // namespace satchel::core
