#pragma once

#include <optional>

#include "protocol/session/session.h"

namespace satchel::tests {

/// What speaks at one end of a meeting: bytes in, bytes out, and a time to be woken.
class Talker {
 public:
  virtual ~Talker() = default;
  virtual core::ByteView pending() const = 0;
  virtual void sent(std::size_t n, core::MonoMs now) = 0;
  virtual void receive(core::ByteView in, core::MonoMs now) = 0;
  virtual core::MonoMs deadline() const = 0;
  virtual void wake(core::MonoMs now) = 0;
  /// Nothing left to do, everything said.
  virtual bool idle() const = 0;
  /// Idle, and better met anew.
  virtual bool outdated() const { return false; }
  /// Why it will not go on.
  virtual std::optional<core::Error> failure() const = 0;
  /// The stream has ended at the other side.
  virtual std::optional<core::Error> ended() = 0;
  /// The program's own session, if it is one.
  virtual protocol::Session* session() { return nullptr; }
};

class HonestTalker : public Talker {
 public:
  explicit HonestTalker(protocol::Session session) : session_(std::move(session)) {}
  core::ByteView pending() const override { return session_.pending(); }
  void sent(std::size_t n, core::MonoMs now) override { session_.sent(n, now); }
  void receive(core::ByteView in, core::MonoMs now) override { static_cast<void>(session_.receive(in, now)); }
  core::MonoMs deadline() const override { return session_.deadline(); }
  void wake(core::MonoMs now) override { static_cast<void>(session_.wake(now)); }
  bool idle() const override { return session_.idle(); }
  bool outdated() const override { return session_.idle() && session_.told_too_much(); }
  std::optional<core::Error> failure() const override { return session_.failure(); }
  std::optional<core::Error> ended() override {
    const auto end = session_.ended();
    return end ? std::nullopt : std::optional{end.error()};
  }
  protocol::Session* session() override { return &session_; }

 private:
  protocol::Session session_;
};

}  // namespace satchel::tests
