#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>

namespace satchel::node {

/// Tells when an interface of this machine comes, goes, or changes its address (rtnetlink(7)). Only a hint to try now: whether
/// anybody can be reached is found out by reaching it.
class NetworkWatch {
 public:
  NetworkWatch(boost::asio::io_context& io, std::function<void()> changed) : socket_(io), changed_(std::move(changed)) {}
  /// Where the system has no such news nothing ever comes, and the beacon's steady calls remain.
  void open();
  void close();

 private:
  boost::asio::awaitable<void> watch();
  boost::asio::posix::stream_descriptor socket_;
  std::function<void()> changed_;
};

}  // namespace satchel::node
