#include "protocol/shelf/arriving.h"

namespace satchel::protocol {

bool proves(const Header& header, core::ByteView list, std::uint64_t start, core::ByteView proof) {
  if (header.list_size() == 0) return root_of(chunk_hash(proof).view()) == header.root;
  if (start < header.list_size()) return root_of(proof) == header.root;
  const std::uint64_t chunk = (start - header.list_size()) / bytes_of(header.chunk_size);
  return core::same_bytes(chunk_hash(proof).view(), list.subspan(chunk * kHashSize, kHashSize));
}

}  // namespace satchel::protocol
