// SPDX-License-Identifier: Apache-2.0
#include "app/secure/digest.h"

#include <memory>

#include <openssl/evp.h>

namespace pktana::app::secure {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

// One context per algorithm: changing the algorithm of a context allocates.
class Context {
 public:
  explicit Context(const EVP_MD* digest) noexcept : digest_(digest), context_(EVP_MD_CTX_new()) {}

  void run(Bytes bytes, std::span<uint8_t> out) noexcept {
    unsigned written = 0;
    if (digest_ == nullptr || context_ == nullptr) return;
    if (EVP_DigestInit_ex2(context_.get(), digest_, nullptr) != 1) return;
    if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) return;
    EVP_DigestFinal_ex(context_.get(), out.data(), &written);
  }

 private:
  const EVP_MD* digest_;
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

using OwnedDigest = std::unique_ptr<EVP_MD, FreeDigest>;

OwnedDigest fetch(const char* name) noexcept {
  return OwnedDigest(EVP_MD_fetch(nullptr, name, nullptr));
}

/// One algorithm for each type of value: the lengths differ.
template <typename Value>
Value digest_of(const char* algorithm, Bytes bytes) noexcept {
  static const OwnedDigest digest = fetch(algorithm);
  thread_local Context context(digest.get());
  Value out{};
  context.run(bytes, out);
  return out;
}

}  // namespace

Md5 md5(Bytes bytes) noexcept { return digest_of<Md5>("MD5", bytes); }

Sha1 sha1(Bytes bytes) noexcept { return digest_of<Sha1>("SHA1", bytes); }

Sha256 sha256(Bytes bytes) noexcept { return digest_of<Sha256>("SHA256", bytes); }

std::string to_hex(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0x0F];
  }
  return text;
}

std::string to_colon_hex(Bytes bytes, bool upper_case) {
  const std::string_view digits = upper_case ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 3);
  for (const uint8_t byte : bytes) {
    if (!text.empty()) text += ':';
    text += digits[byte >> 4];
    text += digits[byte & 0x0F];
  }
  return text;
}

}  // namespace pktana::app::secure
