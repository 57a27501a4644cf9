#pragma once

#include <capnp/message.h>
#include <protocol/schema/fact.capnp.h>

#include <string>
#include <vector>

#include "core/record/facts.h"
#include "protocol/body/body.h"

// What the bodies of all kinds of facts are made of, between our values and Cap'n Proto's. For this folder alone.
namespace satchel::protocol {

// ---- writing

inline capnp::Text::Reader text(const std::string& value) { return {value.c_str(), value.size()}; }
inline capnp::Data::Reader data(core::ByteView value) { return {value.data(), value.size()}; }
template <class Fixed>
inline capnp::Data::Reader data(const Fixed& value) {
  return data(value.view());
}
inline void put(capnp::List<capnp::Text>::Builder out, const std::vector<std::string>& texts) {
  for (unsigned i = 0; i < out.size(); ++i) out.set(i, text(texts[i]));
}
inline schema::Grade grade(core::Grade value) { return static_cast<schema::Grade>(value); }

inline void put(schema::Moment::Builder out, const core::Moment& moment) {
  out.setBootId(moment.boot_id);
  out.setMonoMs(moment.mono.value);
  out.setWallMs(moment.wall.value);
}

// ---- reading: each take() copies what is there; what it may be is judged once, by check_limits() on the value

inline std::string text(capnp::Text::Reader value) { return {value.begin(), value.size()}; }

/// One more than may be, of a list that is too long: the limit then refuses it.
inline std::vector<std::string> take(capnp::List<capnp::Text>::Reader in) {
  std::vector<std::string> out;
  for (const capnp::Text::Reader one : in) {
    if (out.size() > kFactFieldsMax) break;
    out.push_back(text(one));
  }
  return out;
}

/// Hands out fields; ok turns false when one cannot be expressed as our value at all.
struct Taker {
  bool ok = true;

  core::Hash hash(capnp::Data::Reader value) {
    const auto out = core::Hash::from({value.begin(), value.size()});
    if (!out) ok = false;
    return out.value_or(core::Hash{});
  }
  core::Grade grade(schema::Grade value) {
    const auto raw = static_cast<std::uint16_t>(value);
    if (raw > static_cast<std::uint16_t>(core::Grade::fail)) ok = false;
    return ok ? static_cast<core::Grade>(raw) : core::Grade::fail;
  }
  core::NationalResult national(schema::NationalResult value) {
    const auto raw = static_cast<std::uint16_t>(value);
    if (raw > static_cast<std::uint16_t>(core::NationalResult::undetermined)) ok = false;
    return ok ? static_cast<core::NationalResult>(raw) : core::NationalResult::undetermined;
  }
  core::AnswerSource source(schema::AnswerSource value) {
    const auto raw = static_cast<std::uint16_t>(value);
    if (raw > static_cast<std::uint16_t>(core::AnswerSource::person)) ok = false;
    return ok ? static_cast<core::AnswerSource>(raw) : core::AnswerSource::mapping;
  }
  core::PurgeScope scope(std::uint8_t raw) {
    if (raw < 1 || raw > 3) ok = false;
    return ok ? static_cast<core::PurgeScope>(raw) : core::PurgeScope::originals;
  }
  core::Lane lane(std::uint8_t raw) {
    if (raw >= core::kLanes.size()) ok = false;
    return ok ? static_cast<core::Lane>(raw) : core::Lane::control;
  }
};

inline core::Moment take(schema::Moment::Reader in) { return {in.getBootId(), {in.getMonoMs()}, {in.getWallMs()}}; }

}  // namespace satchel::protocol
