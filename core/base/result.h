#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/base/check.h"
#include "core/base/codes.h"

namespace satchel::core {

/// What went wrong in the world. `detail` adds the facts of this one case (a size, a limit, a line number, an operating-system
/// message); it never holds a name, a number, a mail address, a code's content, or a picture's bytes, because it is logged.
/// A path that the user typed may stand in it.
struct Error {
  Code code;
  std::string detail;
};

/// A value or an Error: the shape of std::expected (P0323R12), for what can happen in the field.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit like std::expected
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  Result(Code code) : state_(std::in_place_index<1>, Error{code, {}}) {}     // NOLINT

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & { return checked(std::get_if<0>(&state_)); }
  const T& value() const& { return checked(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(checked(std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return checked(std::get_if<1>(&state_)); }

 private:
  // One test on the pointer itself: GCC then knows that it is not null, and -Wnull-dereference sees no ghosts.
  template <class U>
  static U& checked(U* held) {
    SATCHEL_CHECK(held != nullptr);
    return *held;
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT
  Result(Code code) : error_(Error{code, {}}) {}     // NOLINT
  bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  const Error& error() const {
    SATCHEL_CHECK(error_.has_value());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace satchel::core

#define SATCHEL_CONCAT_INNER(a, b) a##b
#define SATCHEL_CONCAT(a, b) SATCHEL_CONCAT_INNER(a, b)

/// Returns the error of a Result from the enclosing function; otherwise goes on.
#define SATCHEL_TRY(expression)                          \
  do {                                                   \
    if (auto satchel_try = (expression); !satchel_try) { \
      return satchel_try.error();                        \
    }                                                    \
  } while (false)

/// `SATCHEL_TRY_ASSIGN(auto x, f());` declares x with the value, or returns the error.
#define SATCHEL_TRY_ASSIGN(declaration, expression) \
  SATCHEL_TRY_ASSIGN_INNER(SATCHEL_CONCAT(satchel_result_, __LINE__), declaration, expression)
#define SATCHEL_TRY_ASSIGN_INNER(result, declaration, expression) \
  auto result = (expression);                                     \
  if (!(result)) return (result).error();                         \
  declaration = *std::move(result)
