/* The shared library is made of the stages' own libraries; this file only gives it a source. */
#include "hourshed/hourshed.h"
