#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/vector_file.h"

namespace satchel::tests {

/// One format: how its vector is drawn, made and read. `build` and `decode` take everything from the file's own inputs.
struct Kind {
  std::string name;  ///< of the file, without ".txt"
  std::string spec;  ///< section of protocol/SPEC.md
  std::string comment;
  std::function<void(Cast&, Fields&)> draw;
  std::function<core::Bytes(const Fields&)> build;
  std::function<core::Result<void>(const Fields&, core::ByteView)> decode;
  /// Refusals beside those that every format has (cut, extended, changed).
  std::function<std::vector<std::pair<std::string, core::Bytes>>(const Fields&, const core::Bytes&)> refusals;
  std::string fuzz;  ///< folder of seeds that this vector feeds; empty for none
};

using Cases = std::vector<std::pair<std::string, core::Bytes>>;

std::vector<Kind> people_kinds();
std::vector<Kind> record_kinds();
std::vector<Kind> fact_kinds();
std::vector<Kind> bundle_kinds();
std::vector<Kind> stick_kinds();
std::vector<Kind> link_kinds();
std::vector<Kind> session_kinds();

inline std::vector<Kind> all_kinds() {
  std::vector<Kind> out;
  for (auto* part : {&people_kinds, &record_kinds, &fact_kinds, &bundle_kinds, &stick_kinds, &link_kinds, &session_kinds}) {
    for (Kind& kind : (*part)()) out.push_back(std::move(kind));
  }
  return out;
}

/// "success", or the stable text of the refusal.
inline std::string outcome(const core::Result<void>& result) {
  return result ? "success" : std::string(core::info(result.error().code).id);
}

/// Forgets the value: a vector only asks whether it is taken.
template <class T>
core::Result<void> only(const core::Result<T>& result) {
  if (!result) return result.error();
  return {};
}

inline core::Bytes with(core::Bytes bytes, std::size_t at, std::uint8_t value) {
  bytes.at(at) = value;
  return bytes;
}

/// `statement` and a signature on it under `context`.
inline core::Bytes signed_by(core::ByteView sign_seed, std::string_view context, core::ByteView statement) {
  core::Bytes out = core::to_bytes(statement);
  core::append(out, core::sign(core::sign_keys_from_seed(sign_seed), context, statement).view());
  return out;
}

}  // namespace satchel::tests
