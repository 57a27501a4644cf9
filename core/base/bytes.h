#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace satchel::core {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, borrowed from it.
inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The text that `bytes` are, borrowed from them; no check of the encoding.
inline std::string_view as_text(ByteView bytes) noexcept { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
inline void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

/// True when both hold the same bytes. Not constant time: for public values only (secrets: core/crypto/secret.h).
bool same_bytes(ByteView a, ByteView b) noexcept;

/// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);
/// Exact inverse of to_hex (upper case accepted); nullopt when a character is no digit or the length is odd.
std::optional<Bytes> from_hex(std::string_view text);

/// A fixed-size byte value that cannot be mistaken for another one of the same size. `Tag` only names it.
template <class Tag, std::size_t N>
struct FixedBytes {
  static constexpr std::size_t kSize = N;
  std::array<std::uint8_t, N> value{};

  auto operator<=>(const FixedBytes&) const = default;
  ByteView view() const noexcept { return value; }
  std::string hex() const { return to_hex(value); }
  /// nullopt unless exactly N bytes are given.
  static std::optional<FixedBytes> from(ByteView bytes) noexcept {
    if (bytes.size() != N) return std::nullopt;
    FixedBytes out;
    for (std::size_t i = 0; i < N; ++i) out.value[i] = bytes[i];
    return out;
  }
};

/// Appends integers in the byte orders that the formats use. Little-endian, and LEB128 for varints (protocol/SPEC.md);
/// big-endian where keys must sort (core/store/keys.h).
class ByteWriter {
 public:
  ByteWriter& u8(std::uint8_t v);
  ByteWriter& u16(std::uint16_t v);
  ByteWriter& u32(std::uint32_t v);
  ByteWriter& u64(std::uint64_t v);
  ByteWriter& u32_be(std::uint32_t v);
  ByteWriter& u64_be(std::uint64_t v);
  ByteWriter& varint(std::uint64_t v);
  ByteWriter& raw(ByteView bytes);
  /// varint length, then the bytes.
  ByteWriter& sized(ByteView bytes);
  ByteWriter& sized(std::string_view text) { return sized(as_bytes(text)); }
  const Bytes& bytes() const& noexcept { return out_; }
  Bytes take() && noexcept { return std::move(out_); }

 private:
  Bytes out_;
};

/// Reads what ByteWriter wrote from bytes of unknown origin. After the first read that does not fit, ok() is false and every
/// further read gives zero or empty: read a whole structure, then ask once. Views borrow from the input.
class ByteReader {
 public:
  explicit ByteReader(ByteView in) noexcept : in_(in) {}
  std::uint8_t u8() noexcept;
  std::uint16_t u16() noexcept;
  std::uint32_t u32() noexcept;
  std::uint64_t u64() noexcept;
  std::uint32_t u32_be() noexcept;
  std::uint64_t u64_be() noexcept;
  /// Canonical LEB128 only: an over-long or over-large varint makes ok() false.
  std::uint64_t varint() noexcept;
  ByteView raw(std::size_t n) noexcept;
  /// varint length, at most `max`, then that many bytes.
  ByteView sized(std::size_t max) noexcept;
  std::string text(std::size_t max) { return std::string(as_text(sized(max))); }
  template <class Fixed>
  Fixed fixed() noexcept {
    Fixed out;
    const ByteView v = raw(Fixed::kSize);
    for (std::size_t i = 0; i < v.size(); ++i) out.value[i] = v[i];
    return out;
  }
  ByteView rest() noexcept;
  std::size_t remaining() const noexcept { return in_.size(); }
  bool ok() const noexcept { return ok_; }
  /// ok(), and nothing left over.
  bool done() const noexcept { return ok_ && in_.empty(); }
  void fail() noexcept;

 private:
  template <class T>
  T little() noexcept;
  ByteView in_;
  bool ok_ = true;
};

}  // namespace satchel::core
