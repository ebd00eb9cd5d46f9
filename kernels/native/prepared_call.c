// A system call whose number and arguments lie in memory already: lab/src/sys/prepared-call.ts says what for. It is no measurement
// kernel but a function of Node.js (a Node-API addon), which takes no argument and returns nothing: so Node.js has nothing to convert, and
// what the kernel answers is found in memory, an error number included.
// @source https://nodejs.org/api/n-api.html; src/js_native_api.h, Node.js v20. Declared here, for not every installation brings the headers.
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

typedef void *napi_env, *napi_value, *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env env, napi_callback_info info);
int napi_create_function(napi_env env, const char *name, size_t length, napi_callback call, void *data,
                         napi_value *result);
int napi_create_double(napi_env env, double value, napi_value *result);
int napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);

// What one thread is about to call, and the answer: a result from 0 on, or an error number below 0. The address is a double, which
// JavaScript stores without more ado, and so is the time it has looked at last, in ms. With this model of thread-local memory finding it takes no call.
struct lab_desk {
  double address;
  double moment;
  int32_t answer;
};
static __thread struct lab_desk desk __attribute__((tls_model("initial-exec")));

// Makes the call that the address leads to: a number, then six arguments.
static napi_value run(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  const uint64_t *call = (const uint64_t *)(uintptr_t)desk.address;
  long result = syscall((long)call[0], call[1], call[2], call[3], call[4], call[5], call[6]);
  desk.answer = result < 0 ? -errno : (int32_t)result;
  return NULL;
}

// Looks at the clock that performance.now() goes by, without making an object of what it says. @source clock_gettime(2)
static napi_value look(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  desk.moment = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
  return NULL;
}

// Called by Node.js in each thread that opens the addon: gives it `run` and `look`, and the address of the thread's own desk.
napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value value;
  napi_create_function(env, "run", SIZE_MAX, run, NULL, &value);
  napi_set_named_property(env, exports, "run", value);
  napi_create_function(env, "look", SIZE_MAX, look, NULL, &value);
  napi_set_named_property(env, exports, "look", value);
  napi_create_double(env, (double)(uintptr_t)&desk, &value);
  napi_set_named_property(env, exports, "desk", value);
  return exports;
}
