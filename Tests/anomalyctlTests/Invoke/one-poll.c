/* Asks the Lambda Runtime API for one event over libcurl and ends: the least that a function's process can do. */
#include <curl/curl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

int main(void) {
    const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
    char url[300];
    /* Named so that the linker keeps the libraries that a function is linked with. */
    if (!address || !zlibVersion() || !EVP_sha256()) return 1;
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/next", address);
    if (curl_global_init(CURL_GLOBAL_DEFAULT)) return 1;
    CURL *handle = curl_easy_init();
    if (!handle) return 1;
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    CURLcode code = curl_easy_perform(handle);
    curl_easy_cleanup(handle);
    return code != CURLE_OK;
}
