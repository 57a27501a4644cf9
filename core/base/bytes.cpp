#include "core/base/bytes.h"

#include <algorithm>

namespace satchel::core {
namespace {

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

template <class T>
void put_little(Bytes& out, T v) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
}

template <class T>
void put_big(Bytes& out, T v) {
  for (std::size_t i = sizeof(T); i-- > 0;) out.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
}

}  // namespace

bool same_bytes(ByteView a, ByteView b) noexcept { return std::ranges::equal(a, b); }

std::string to_hex(ByteView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

ByteWriter& ByteWriter::u8(std::uint8_t v) {
  out_.push_back(v);
  return *this;
}
ByteWriter& ByteWriter::u16(std::uint16_t v) {
  put_little(out_, v);
  return *this;
}
ByteWriter& ByteWriter::u32(std::uint32_t v) {
  put_little(out_, v);
  return *this;
}
ByteWriter& ByteWriter::u64(std::uint64_t v) {
  put_little(out_, v);
  return *this;
}
ByteWriter& ByteWriter::u32_be(std::uint32_t v) {
  put_big(out_, v);
  return *this;
}
ByteWriter& ByteWriter::u64_be(std::uint64_t v) {
  put_big(out_, v);
  return *this;
}
ByteWriter& ByteWriter::varint(std::uint64_t v) {
  while (v >= 0x80) {
    out_.push_back(static_cast<std::uint8_t>(v | 0x80));
    v >>= 7;
  }
  out_.push_back(static_cast<std::uint8_t>(v));
  return *this;
}
ByteWriter& ByteWriter::raw(ByteView bytes) {
  append(out_, bytes);
  return *this;
}
ByteWriter& ByteWriter::sized(ByteView bytes) { return varint(bytes.size()).raw(bytes); }

void ByteReader::fail() noexcept {
  ok_ = false;
  in_ = {};
}

ByteView ByteReader::raw(std::size_t n) noexcept {
  if (n > in_.size()) {
    fail();
    return {};
  }
  const ByteView out = in_.first(n);
  in_ = in_.subspan(n);
  return out;
}

template <class T>
T ByteReader::little() noexcept {
  const ByteView v = raw(sizeof(T));
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < v.size(); ++i) out |= std::uint64_t{v[i]} << (8 * i);
  return static_cast<T>(out);
}

std::uint8_t ByteReader::u8() noexcept { return little<std::uint8_t>(); }
std::uint16_t ByteReader::u16() noexcept { return little<std::uint16_t>(); }
std::uint32_t ByteReader::u32() noexcept { return little<std::uint32_t>(); }
std::uint64_t ByteReader::u64() noexcept { return little<std::uint64_t>(); }

std::uint32_t ByteReader::u32_be() noexcept {
  std::uint32_t out = 0;
  for (const std::uint8_t byte : raw(4)) out = (out << 8) | byte;
  return out;
}
std::uint64_t ByteReader::u64_be() noexcept {
  std::uint64_t out = 0;
  for (const std::uint8_t byte : raw(8)) out = (out << 8) | byte;
  return out;
}

std::uint64_t ByteReader::varint() noexcept {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = u8();
    if (!ok_) return 0;
    const std::uint64_t part = byte & 0x7FU;
    if (shift == 63 && part > 1) break;  // over 64 bits
    out |= part << shift;
    if ((byte & 0x80U) == 0) {
      if (byte == 0 && shift != 0) break;  // over-long
      return out;
    }
  }
  fail();
  return 0;
}

ByteView ByteReader::sized(std::size_t max) noexcept {
  const std::uint64_t n = varint();
  if (!ok_ || n > max || n > in_.size()) {
    fail();
    return {};
  }
  return raw(static_cast<std::size_t>(n));
}

ByteView ByteReader::rest() noexcept { return raw(in_.size()); }

}  // namespace satchel::core
