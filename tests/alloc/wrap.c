#include "wrap.h"

#include <stdatomic.h>
#include <stddef.h>

static atomic_bool armed;
static atomic_int mode_now;
static atomic_long asked; /* since wrap_arm() */
static atomic_long fail_at;
static atomic_long refused;
static atomic_long live;

void *__real_dx_malloc(size_t size);
void *__real_dx_realloc(void *pointer, size_t size);
void __real_dx_free(void *pointer);
void *__wrap_dx_malloc(size_t size);
void *__wrap_dx_realloc(void *pointer, size_t size);
void __wrap_dx_free(void *pointer);

void wrap_arm(long n, fail_mode mode)
{
    atomic_store(&asked, 0);
    atomic_store(&refused, 0);
    atomic_store(&fail_at, n);
    atomic_store(&mode_now, (int)mode);
    atomic_store(&armed, true);
}

long wrap_disarm(void)
{
    atomic_store(&armed, false);
    return atomic_load(&refused);
}

long wrap_live(void)
{
    return atomic_load(&live);
}

static bool refuses(void)
{
    if (!atomic_load(&armed))
        return false;
    long at = atomic_fetch_add(&asked, 1);
    long n = atomic_load(&fail_at);
    if (at < n || (at > n && atomic_load(&mode_now) == FAIL_ONE))
        return false;
    atomic_fetch_add(&refused, 1);
    return true;
}

void *__wrap_dx_malloc(size_t size)
{
    if (size == 0 || refuses())
        return NULL;
    void *fresh = __real_dx_malloc(size);
    atomic_fetch_add(&live, fresh ? 1 : 0);
    return fresh;
}

void *__wrap_dx_realloc(void *pointer, size_t size)
{
    if (size == 0 || refuses())
        return NULL;
    void *grown = __real_dx_realloc(pointer, size);
    atomic_fetch_add(&live, grown && !pointer ? 1 : 0);
    return grown;
}

void __wrap_dx_free(void *pointer)
{
    atomic_fetch_sub(&live, pointer ? 1 : 0);
    __real_dx_free(pointer);
}
