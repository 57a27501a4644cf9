#pragma once

#include <string>
#include <string_view>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/crypto/membership.h"
#include "core/crypto/sign.h"

namespace satchel::core {

/// What a collection code tells the node that scans it. Never logged, never shown unmasked.
struct CodeContent {
  CampaignId campaign;
  StudentRef student;
  std::string student_number;  ///< 学号, at most 64 bytes
  std::string name;            ///< at most 200 bytes
  std::string id_number;       ///< at most 32 bytes
  std::uint64_t issue = 0;     ///< grows when a student's codes are revoked and issued anew
  bool operator==(const CodeContent&) const = default;
};

/// The text of a collection code:
///   "SC1." base64url( campaign id, 8 bytes big-endian ‖ seal_value(code_key, "satchel code" ‖ campaign id, plain) )
///   plain = student ref, 8 bytes big-endian ‖ sized 学号 ‖ sized name ‖ sized ID number ‖ issue, a varint that is left
///   out when it is 0 ‖ the hub's signature, 64 bytes
/// The hub signs campaign id ‖ plain without signature (context "satchel code"), so that a site, which has the code key too,
/// cannot make codes. Two codes of one student differ (random nonce) and both open. kLimitExceeded for longer fields.
Result<std::string> seal_code(const CodeContent& content, ByteView code_key, const SignKeys& hub, Rng& rng);

/// Opens what was scanned. kCodeForeign: not made by Satchel; kCodeOtherCampaign; kCodeDamaged: changed, or made by somebody
/// else.
Result<CodeContent> open_code(std::string_view text, const Founding& founding, ByteView code_key);

/// Under which an index may remember a scanned code, ours or foreign, without holding it. `index_key` is 16 to 64 bytes.
Hash code_digest(ByteView index_key, std::string_view text);

}  // namespace satchel::core
