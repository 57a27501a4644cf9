#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/record/facts.h"

namespace satchel::protocol {

// What SPEC.md fixes ("Bodies"): bytes of UTF-8 for texts, items for lists. Larger ones are refused on both sides.
inline constexpr std::size_t kFactTextMax = 1000;  ///< a roster field has at most 200; a note is a few sentences
inline constexpr std::size_t kFactCodeMax = 40;    ///< "Q-BLUR", "R-BLUR", an ID number, a date
inline constexpr std::size_t kFactFindingsMax = 64;
inline constexpr std::size_t kFactPositionsMax = 1024;
inline constexpr std::size_t kFactCertificateMax = 1024;
inline constexpr std::size_t kFactExtrasMax = 32;          ///< columns of a roster beyond ours
inline constexpr std::size_t kFactFieldsMax = 32;          ///< of a roster row that are wrong, or of a checklist: there are fewer
inline constexpr std::size_t kFactDestroyedMax = 512;      ///< pictures in one word of a purge; more are said in several
inline constexpr std::size_t kFactDismissedMax = 64;       ///< submissions of one student
inline constexpr std::size_t kFactIndexMax = 2000;         ///< students in one part of the index: at most 24 bytes each
inline constexpr std::size_t kFactSlotsMax = 500;          ///< slots of a timetable; a notice has 97
inline constexpr std::size_t kFactSealedCodeMax = 4096;    ///< a QR code of version 40 has 2,953 bytes; its seal 72 more
inline constexpr std::size_t kFactProfileMax = 62 * 1024;  ///< with its packing it fits a record (core::kRecordBodyMax)

/// The body of a record: one packed Cap'n Proto message (protocol/schema/fact.capnp). The same fact gives the same bytes with one
/// build; another build may write others, so nobody may encode again what was signed. kLimitExceeded over the limits above or
/// core::kRecordBodyMax; kMalformed for a text that is not UTF-8, a number that is not finite, a StudentRef over 50 bits: what
/// decode_fact would refuse is never signed.
core::Result<core::Bytes> encode_fact(const core::Fact& fact);

/// Bytes of unknown origin. kMalformed, kLimitExceeded, or kVersionUnknown for a kind of fact that this build does not know.
core::Result<core::Fact> decode_fact(core::ByteView body);

}  // namespace satchel::protocol
