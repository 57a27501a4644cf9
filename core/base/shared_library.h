#pragma once

#include <optional>

namespace satchel::core {

/// A library of the system that is loaded when it is first needed, instead of at every start. Stays loaded.
class SharedLibrary {
 public:
  /// nullopt when this computer has none of that file name ("libheif.so.1").
  static std::optional<SharedLibrary> load(const char* file);
  /// Sets `out` to the function of that name; false, and null, when the library has none.
  template <class Function>
  bool find(const char* name, Function& out) const {
    out = reinterpret_cast<Function>(symbol(name));  // NOLINT: what POSIX says dlsym is for
    return out != nullptr;
  }

 private:
  explicit SharedLibrary(void* handle) : handle_(handle) {}
  void* symbol(const char* name) const;
  void* handle_;
};

}  // namespace satchel::core
