#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::node {

/// What the bytes of a link travel by. The values stand in the memory of an address.
enum class Carrier : std::uint8_t { tcp = 1, datagrams = 2 };
/// "tcp", "udp".
std::string_view carrier_name(Carrier carrier);

/// What a caller may use: both, as dialling.h decides, or one of them.
enum class CarrierChoice : std::uint8_t { automatic, tcp, datagrams };
/// "auto", "tcp", "udp"; nullopt for anything else.
std::optional<CarrierChoice> parse_carrier(std::string_view text);

/// An ordered stream of bytes, both ways, under one link: a TCP socket or a stream of datagrams. Everything happens on the
/// executor that made it; one reader and one writer.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Waits until there are bytes, and gives how many lie in `into`; 0 once the other side has said all. An error is final.
  virtual boost::asio::awaitable<core::Result<std::size_t>> read(std::span<std::uint8_t> into) = 0;
  /// Waits until there is room, and gives how many of `bytes` (not empty) were taken from the front. An error is final.
  virtual boost::asio::awaitable<core::Result<std::size_t>> write(core::ByteView bytes) = 0;
  /// From now on write() takes no more while about so many bytes have been taken and are not on the line yet. Nothing where the
  /// carrier itself holds none back.
  virtual void hold_at_most(std::size_t bytes) { static_cast<void>(bytes); }
  /// No more bytes will come from us; what was written still goes out.
  virtual void finish() = 0;
  /// Ends it, and ends what waits in read() and write(). Any number of times.
  virtual void close() = 0;

  virtual Carrier carrier() const = 0;
  /// Anything of the other side's has been heard: for TCP, that its system took the connection.
  virtual bool answered() const = 0;
  /// Time in all for which the line was away, known to be so; it never shrinks. No limit on the other side's patience counts it.
  virtual std::int64_t away_us() const { return 0; }
  /// For how long the other side has owed us a sign of life; 0 when it owes none.
  virtual std::int64_t still_ms() = 0;
};

}  // namespace satchel::node
