#ifndef SANXIANG_COPENSSL_SHIM_H
#define SANXIANG_COPENSSL_SHIM_H

/* What Swift cannot import from OpenSSL 3: macros and the type-safe stacks. */

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

static inline void sanxiang_clear_free(void *memory, size_t count) {
  OPENSSL_clear_free(memory, count);
}

static inline void sanxiang_free(void *memory) { OPENSSL_free(memory); }

/* An EVP_PKEY of `type` ("ED25519", "EC"); `group` names the curve, or is NULL. */
static inline EVP_PKEY *sanxiang_generate_key(const char *type, const char *group) {
  return group ? EVP_PKEY_Q_keygen(NULL, NULL, type, group) : EVP_PKEY_Q_keygen(NULL, NULL, type);
}

#endif
