// A key file from anywhere. The closing hash is made right for half of the inputs, else nothing behind it would be reached; a
// file that asks for a passphrase is read without one, because hashing 64 MiB for each input would test Argon2 and not us.
#include <algorithm>

#include "core/crypto/hash.h"
#include "core/crypto/identity.h"
#include "tests/support/with_crypto.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  core::Bytes file(data, data + size);
  static_cast<void>(core::read_key_file(file, {}));
  if (size < core::Hash::kSize) return 0;
  const core::ByteView before = core::ByteView{file}.first(size - core::Hash::kSize);
  const core::Hash closing = core::hash("satchel key file", before);
  std::ranges::copy(closing.value, file.end() - static_cast<std::ptrdiff_t>(core::Hash::kSize));
  static_cast<void>(core::read_key_file(file, {}));
  return 0;
}
