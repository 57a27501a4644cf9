#pragma once

#include <bit>

#include "core/base/bytes.h"
#include "core/campaign/student.h"

// What the bytes of a StudentState are made of; for student_bytes.cpp and student_bytes_desk.cpp alone.
namespace satchel::core::student_bytes {

inline constexpr std::size_t kTextMax = 64 * 1024;  ///< no text in a record is longer than a record (core/record/entry.h)

inline void put(ByteWriter& out, const Moment& at) {
  out.u64(at.boot_id).u64(static_cast<std::uint64_t>(at.mono.value)).u64(static_cast<std::uint64_t>(at.wall.value));
}

inline bool take_bool(ByteReader& in) {
  const std::uint8_t value = in.u8();
  if (value > 1) in.fail();
  return value == 1;
}

template <class Enum>
Enum take_enum(ByteReader& in, Enum last) {
  const std::uint8_t value = in.u8();
  if (value <= static_cast<std::uint8_t>(last)) return static_cast<Enum>(value);
  in.fail();
  return last;
}

inline double take_double(ByteReader& in) { return std::bit_cast<double>(in.u64()); }

inline Moment take_moment(ByteReader& in) {
  Moment at;
  at.boot_id = in.u64();
  at.mono.value = static_cast<std::int64_t>(in.u64());
  at.wall.value = static_cast<std::int64_t>(in.u64());
  return at;
}

/// A count that the bytes left over can hold, each item taking at least `smallest` bytes.
inline std::size_t take_count(ByteReader& in, std::size_t smallest) {
  const std::uint64_t count = in.varint();
  if (count <= in.remaining() / smallest) return static_cast<std::size_t>(count);
  in.fail();
  return 0;
}

inline void put(ByteWriter& out, const std::vector<std::string>& texts) {
  out.varint(texts.size());
  for (const std::string& text : texts) out.sized(text);
}

inline void take(ByteReader& in, std::vector<std::string>& texts) {
  texts.resize(take_count(in, 1));
  for (std::string& text : texts) text = in.text(kTextMax);
}

// What the hub's desk, the papers and the collection codes add to a student.
void put(ByteWriter& out, const SecondLookSeen& seen);
void take(ByteReader& in, SecondLookSeen& seen);
void put(ByteWriter& out, const NationalSeen& seen);
void take(ByteReader& in, NationalSeen& seen);
void put(ByteWriter& out, const CaseSeen& seen);
void take(ByteReader& in, CaseSeen& seen);
void put(ByteWriter& out, const ProofSeen& seen);
void take(ByteReader& in, ProofSeen& seen);
void put(ByteWriter& out, const ErrataSeen& seen);
void take(ByteReader& in, ErrataSeen& seen);
void put(ByteWriter& out, const DeliverySeen& seen);
void take(ByteReader& in, DeliverySeen& seen);
void put(ByteWriter& out, const PurgeSeen& seen);
void take(ByteReader& in, PurgeSeen& seen);
void put(ByteWriter& out, const PurgedSeen& seen);
void take(ByteReader& in, PurgedSeen& seen);
void put(ByteWriter& out, const CodeRevocationSeen& seen);
void take(ByteReader& in, CodeRevocationSeen& seen);
void put(ByteWriter& out, const ForeignCodeSeen& seen);
void take(ByteReader& in, ForeignCodeSeen& seen);
void put(ByteWriter& out, const ForeignAnswerSeen& seen);
void take(ByteReader& in, ForeignAnswerSeen& seen);

}  // namespace satchel::core::student_bytes
