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

/* Stacks of certificates and names. */

static inline STACK_OF(X509) *sanxiang_certificates_new(void) { return sk_X509_new_null(); }
static inline int sanxiang_certificates_push(STACK_OF(X509) *stack, X509 *certificate) {
  return sk_X509_push(stack, certificate);
}
static inline int sanxiang_certificates_count(const STACK_OF(X509) *stack) {
  return stack ? sk_X509_num(stack) : 0;
}
static inline X509 *sanxiang_certificates_at(const STACK_OF(X509) *stack, int index) {
  return sk_X509_value(stack, index);
}
/* Frees the stack, not what it holds. */
static inline void sanxiang_certificates_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }

static inline void sanxiang_lists_free_all(STACK_OF(X509_CRL) *stack) {
  sk_X509_CRL_pop_free(stack, X509_CRL_free);
}

static inline int sanxiang_names_count(const GENERAL_NAMES *names) {
  return names ? sk_GENERAL_NAME_num(names) : 0;
}
/* The bytes of name `index` if it is a URI, else NULL. Borrowed from `names`. */
static inline const unsigned char *sanxiang_names_uri(
    const GENERAL_NAMES *names, int index, int *count) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name->type != GEN_URI) return NULL;
  *count = ASN1_STRING_length(name->d.uniformResourceIdentifier);
  return ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
}

/* RFC 2253, but with names in other scripts as UTF-8 text instead of escapes. */
static inline unsigned long sanxiang_name_style(void) {
  return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
}

static inline void sanxiang_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

/* Checked by every verification; macros in C. */
static inline unsigned long sanxiang_verify_flags(void) {
  return X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_PARTIAL_CHAIN |
         X509_V_FLAG_TRUSTED_FIRST;
}

/* TLS 1.3 only, nothing resumed, nothing renegotiated, small when idle. 1 when all of it held. */
static inline int sanxiang_harden(SSL_CTX *context) {
  SSL_CTX_set_options(
      context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context, 2);
  return SSL_CTX_set_num_tickets(context, 0) == 1 &&
         SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

static inline long sanxiang_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
  return SSL_CTX_add1_chain_cert(context, certificate);
}

/* One extension from its text form; `subject` or `list` receives it. 1 when it was added. */
static inline int sanxiang_add_extension(
    X509 *issuer, X509 *subject, X509_CRL *list, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, subject, NULL, list, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  if (!extension) return 0;
  int added = subject ? X509_add_ext(subject, extension, -1)
                      : X509_CRL_add_ext(list, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

#endif
