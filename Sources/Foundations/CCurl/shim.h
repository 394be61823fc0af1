// libcurl's C interface. Swift cannot call functions with a variable list of arguments; each kind of argument gets a
// function here.
#include <curl/curl.h>

typedef size_t (*CurlReceiver)(char *bytes, size_t size, size_t count, void *context);
typedef int (*CurlMeter)(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode curlSetText(CURL *transfer, CURLoption option, const char *text) {
    return (curl_easy_setopt)(transfer, option, text);
}
static inline CURLcode curlSetNumber(CURL *transfer, CURLoption option, long number) {
    return (curl_easy_setopt)(transfer, option, number);
}
static inline CURLcode curlSetPointer(CURL *transfer, CURLoption option, void *pointer) {
    return (curl_easy_setopt)(transfer, option, pointer);
}
static inline CURLcode curlSetReceiver(CURL *transfer, CURLoption option, CurlReceiver receiver) {
    return (curl_easy_setopt)(transfer, option, receiver);
}
static inline CURLcode curlSetMeter(CURL *transfer, CurlMeter meter) {
    return (curl_easy_setopt)(transfer, CURLOPT_XFERINFOFUNCTION, meter);
}

// Web addresses alone, also where a server sends the request on to another address.
static inline void curlAllowWebOnly(CURL *transfer) {
#if LIBCURL_VERSION_NUM >= 0x075500
    (curl_easy_setopt)(transfer, CURLOPT_PROTOCOLS_STR, "http,https");
    (curl_easy_setopt)(transfer, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    (curl_easy_setopt)(transfer, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    (curl_easy_setopt)(transfer, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static inline CURLcode curlStart(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
