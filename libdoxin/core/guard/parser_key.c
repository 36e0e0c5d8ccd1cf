/* libpg_query asks for a new pthread key in each thread that parses for the first time, with the same destructor, and
 * frees none. A process has 1024. Here they all get the same key. */
#include <pthread.h>

int dx_parser__key_create(pthread_key_t *key, void (*destructor)(void *));

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t the_key;
static int made;

int dx_parser__key_create(pthread_key_t *key, void (*destructor)(void *))
{
    pthread_mutex_lock(&lock);
    int problem = made ? 0 : pthread_key_create(&the_key, destructor);
    made = made || problem == 0;
    *key = the_key;
    pthread_mutex_unlock(&lock);
    return problem;
}
