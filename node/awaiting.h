#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace satchel::node {

/// How coroutines here wait for Asio: a failed read or a cancelled timer is a value, not an exception.
inline constexpr auto kAwaitTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

/// The end of a coroutine that nobody waits for: an exception in one is a bug, never weather, and ends the process.
inline void no_exception(const std::exception_ptr& trouble) {
  if (trouble) std::rethrow_exception(trouble);
}

}  // namespace satchel::node
